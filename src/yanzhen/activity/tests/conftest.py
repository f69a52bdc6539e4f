"""Fixtures of the spine's tests: a kind of its own, and the hooks put back afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from yanzhen.activity import spine
from yanzhen.activity.refs import Ref

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """Payload of test.seen."""

    bird: str
    count: int = 1


@pytest.fixture
def seen(monkeypatch):
    """A kind announced for this test alone; its listeners vanish with it."""
    monkeypatch.setattr(spine, "_within", {})
    monkeypatch.setattr(spine, "_later", {})
    monkeypatch.delitem(spine.KINDS, "test.seen", raising=False)
    kind = spine.announce(
        spine.Kind("test.seen", Seen, "%(actor)s saw %(count)s %(bird)s at %(subject)s")
    )
    yield kind
    del spine.KINDS["test.seen"]


@pytest.fixture
def note(seen):
    """Record one event in workspace 7 unless told otherwise, in a transaction of its own."""

    def record(bird="goose", *, workspace_id=7, at=NOW, **more):
        with transaction.atomic():
            return spine.record(
                seen,
                Seen(bird, **more),
                actor=Ref("people.member", "1", "Lin"),
                subject=Ref("place", "2", "the lake"),
                workspace_id=workspace_id,
                at=at,
            )

    return record
