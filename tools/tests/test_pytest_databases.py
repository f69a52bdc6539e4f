import pytest

from tools.pytest_databases import asks_a_database


@pytest.fixture
def as_seen(request):
    """The running test, as the plugin sees it when it chooses."""
    return request.node


def test_test_without_a_database_is_known(as_seen):
    assert not asks_a_database(as_seen)


@pytest.mark.django_db
def test_test_that_is_marked_for_the_database_is_known(as_seen):
    assert asks_a_database(as_seen)


def test_test_that_takes_the_database_through_a_fixture_is_known(as_seen, transactional_db):
    assert asks_a_database(as_seen)
