"""What every change of people keeps true: nobody overwrites unseen, and nobody is locked out."""

from __future__ import annotations

from collections.abc import Callable

from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision

#: Decisions without whose holder a workspace could no longer be run.
KEYS = (Decision.MEMBER_ROLES, Decision.ROLE_EDIT)
ADMINISTRATOR = "administrator"


class ChangedMeanwhile(Exception):
    """Somebody changed the row after the caller's page was made; ``subject`` is it as it is."""

    def __init__(self, subject: Workspace | Role | Member) -> None:
        super().__init__(f"{subject._meta.label} {subject.pk} is at revision {subject.revision}")
        self.subject = subject


class LastHolder(Exception):
    """The change would leave ``decision`` (or, when None, the administrator's role) with nobody."""

    def __init__(self, decision: Decision | None) -> None:
        super().__init__(decision.value if decision else ADMINISTRATOR)
        self.decision = decision


def lock(workspace_id: int) -> Workspace:
    """Lock and return the workspace, so that changes of rights follow one another.

    On SQLite the transaction itself holds the lock.
    """
    return Workspace.objects.select_for_update(of=("self",)).get(pk=workspace_id)


def step(row: Workspace | Role | Member, *, seen: int) -> None:
    """Raise the row's revision from ``seen``, the one the caller's page showed.

    Raises ChangedMeanwhile with the fresh row when it is another by now.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    if rows.filter(revision=seen).update(revision=seen + 1) != 1:
        raise ChangedMeanwhile(rows.get())
    row.revision = seen + 1


def keep_keys(workspace_id: int, change: Callable[[], None]) -> None:
    """Run ``change``; raise LastHolder when a key decision or the administrators lose their last.

    The caller holds the lock and a transaction, which the exception rolls back. A workspace that
    lacked a holder before may lack one after.
    """
    before = _held(workspace_id)
    change()
    lost = before - _held(workspace_id)
    for decision in KEYS:
        if decision in lost:
            raise LastHolder(decision)
    if ADMINISTRATOR in lost:
        raise LastHolder(None)


def _held(workspace_id: int) -> set[str]:
    """Return which keys somebody active holds."""
    held: set[str] = set()
    for member in Member.objects.active().with_roles().filter(workspace_id=workspace_id):
        held |= member.own_decisions() & set(KEYS)
        held |= {role.slug for role in member.roles if role.slug == ADMINISTRATOR}
    return held
