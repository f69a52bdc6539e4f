"""The street of brands that the tests of every address share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.web.tests.building import make_street
from yanzhen.web.tests.house import Street

LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def street(django_db_setup, django_db_blocker) -> Iterator[Street]:
    """Both brands, made once for all tests of a file; each request is taken back."""
    with django_db_blocker.unblock(), set_to(LATER), transaction.atomic():
        yield make_street()
        transaction.set_rollback(True)
