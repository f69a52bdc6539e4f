"""What every room's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from tools.migrated import Migrated
from yanzhen.channels import closing
from yanzhen.channels.opening import Opener
from yanzhen.duty import guards

EMPTYING = {
    "sqlite": "DROP TRIGGER activity_event_no_delete",
    "postgresql": "DROP TRIGGER activity_event_no_truncate ON activity_event",
}


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django take the copy that was laid; the run's folder or server goes with the run."""
    return True


@pytest.fixture(scope="session")
def migrated(pytestconfig: pytest.Config, django_db_modify_db_settings: None) -> Iterator[Migrated]:
    """Lay a copy of the migrated database, if there is one, where this process will look for it."""
    # Without its plugin there is no such attribute.
    cache = getattr(pytestconfig, "cache", None)
    folder = cache.mkdir("migrated") if cache else Path(settings.DATA) / "migrated"
    folder.mkdir(exist_ok=True)
    place = Migrated(folder, connection)
    place.lay()
    yield place
    place.release()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: Migrated, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let the test database be emptied between transactional tests.

    The activity log and the settled part of a rota refuse that by trigger. Only the one trigger of
    each that stands in the way goes, and only in the test database; test_refuse_changes.py of
    activity and test_lay_turns.py of duty put them back to try them.
    """
    with django_db_blocker.unblock():
        migrated.keep()
    # Views that are first loaded while a test has put its own clock in place would keep it.
    get_resolver().url_patterns  # noqa: B018 -- loading is what is wanted
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(EMPTYING[connection.vendor])
        guards.remove(connection)
        kept = {name: rule for name, rule in guards.RULES.items() if "loses_nothing" not in name}
        # Emptying puts triggers back, as migrating does, so the rule itself is set aside.
        guards.RULES = kept
        guards.install(connection)


@pytest.fixture(scope="session", autouse=True)
def _vault_keys() -> None:
    """Make the keys that pages seal with, as the first start of a worker does."""
    keys = Path(settings.DATA) / "keys"
    Opener(keys, keys / "worker").ensure_pair()


@pytest.fixture(autouse=True)
def _open_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that loads the site closes its process for good; the tests behind it are no site."""
    monkeypatch.setattr(closing, "_closed", False)
