"""Making roles, changing what they are for and may decide, and putting them away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import slugify

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people import ports
from yanzhen.people.actions.keep import keep_keys, lock, step
from yanzhen.people.events import (
    ROLE_EDITED,
    ROLE_MADE,
    ROLE_RETIRED,
    ROLE_RETURNED,
    Bare,
    RoleEdited,
    RoleMade,
)
from yanzhen.people.models import Invitation, Member, Role, Workspace
from yanzhen.people.rights import DUTIES, Actor, Decision, Voice, require
from yanzhen.people.roles import SEEDS

_SLUG_LENGTH = 30


@dataclass(frozen=True, slots=True)
class RoleWish:
    """A role as somebody wants it.

    ``accounts`` None: everywhere; otherwise the numbers of the only accounts it holds for.
    ``counts_as`` is the standard role it is in steps of review. ``voices`` None: as the standard
    role has them, for a custom one none.
    """

    title: str = ""
    title_zh: str = ""
    mission: str = ""
    mission_zh: str = ""
    decisions: Iterable[Decision] = ()
    voices: Mapping[Decision, Voice] | None = None
    accounts: Sequence[int] | None = None
    counts_as: Role | None = None
    copied: str = field(default="")


class NoTitle(ValueError):
    """A role of the team's own needs a title in at least one language."""


class BadScope(ValueError):
    """The accounts asked for cannot be. ``why``: standard (comes for all), none, unknown."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotByAccount(ValueError):
    """These decisions are about the whole workspace: a role for some accounts cannot hold them."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        super().__init__(", ".join(decisions))
        self.decisions = decisions


class RoleInUse(Exception):
    """The role cannot be put away: ``holders`` have it, ``uses`` says what else hangs on it."""

    def __init__(self, holders: Sequence[Member], uses: Sequence[str]) -> None:
        super().__init__(f"{len(holders)} members, {len(uses)} uses")
        self.holders = holders
        self.uses = uses


def _check_scope(workspace_id: int, wish: RoleWish, *, standard: bool) -> None:
    """Raise BadScope or NotByAccount for accounts that this role cannot be bound to."""
    if wish.accounts is None:
        return
    if standard:
        raise BadScope("standard")
    if not wish.accounts:
        raise BadScope("none")
    if set(wish.accounts) - {place.number for place in ports.accounts_of(workspace_id)}:
        raise BadScope("unknown")
    whole = [d for d in wish.decisions if not DUTIES[Decision(d)].by_account]
    if whole:
        raise NotByAccount(whole)


def _check_counted(workspace_id: int, wish: RoleWish) -> None:
    counted = wish.counts_as
    if counted is not None and (counted.workspace_id != workspace_id or not counted.standard):
        raise Role.DoesNotExist(counted.slug)


def _words(wish: RoleWish) -> dict[str, str]:
    names = ("title", "title_zh", "mission", "mission_zh")
    return {name: clean_text(getattr(wish, name)).strip() for name in names}


def _voices(wish: RoleWish, granted: Iterable[str]) -> dict[str, str] | None:
    """Return the say as it is stored; a decision the role makes needs none."""
    if wish.voices is None:
        return None
    held = set(granted)
    return {str(d): str(voice) for d, voice in wish.voices.items() if str(d) not in held}


def _new_slug(workspace_id: int, title: str) -> str:
    """Return a slug that no role of the workspace has; standard ones are taken everywhere."""
    base = slugify(title)[:_SLUG_LENGTH] or "role"
    taken = {*Role.objects.filter(workspace_id=workspace_id).values_list("slug", flat=True), *SEEDS}
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def make_role(workspace: Workspace, *, wish: RoleWish, by: Actor, now: datetime) -> Role:
    """Make a role of the team's own, the last in order.

    Raises NotAllowed, NoTitle, BadScope, NotByAccount, TextRefused, and Role.DoesNotExist for a
    ``counts_as`` that is not a standard role of this workspace.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=workspace.pk)
    lock(workspace.pk)
    words = _words(wish)
    if not words["title"] and not words["title_zh"]:
        raise NoTitle
    _check_scope(workspace.pk, wish, standard=False)
    _check_counted(workspace.pk, wish)
    granted = sorted(Decision(d).value for d in wish.decisions)
    last = workspace.roles.aggregate(last=Max("position"))["last"]
    role = Role.objects.create(
        workspace=workspace,
        slug=_new_slug(workspace.pk, words["title"]),
        granted=granted,
        voices=_voices(wish, granted) or {},
        accounts=None if wish.accounts is None else sorted(set(wish.accounts)),
        counts_as=wish.counts_as,
        position=(last or 0) + 1,
        **words,
    )
    record(
        ROLE_MADE,
        RoleMade(granted=granted, accounts=role.accounts or [], copied=wish.copied),
        actor=by.ref,
        subject=role.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return role


@transaction.atomic
def edit_role(role: Role, *, wish: RoleWish, seen: int, by: Actor, now: datetime) -> Role:
    """Set a role's own words ("" for the standard ones), decisions, say and accounts.

    ``seen`` is the revision the caller's page showed. Decisions that this build does not know stay.
    Raises as make_role does, ChangedMeanwhile and LastHolder.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=role.workspace_id)
    lock(role.workspace_id)
    step(role, seen=seen)
    words = _words(wish)
    if not role.standard and not words["title"] and not words["title_zh"]:
        raise NoTitle
    _check_scope(role.workspace_id, wish, standard=role.standard)
    _check_counted(role.workspace_id, wish)
    before, known = set(role.granted), {d.value for d in Decision}
    after = {Decision(d).value for d in wish.decisions} | (before - known)
    reworded = any(getattr(role, name) != said for name, said in words.items())

    def change() -> None:
        for name, said in words.items():
            setattr(role, name, said)
        role.granted = sorted(after)
        if wish.voices is not None:
            role.voices = _voices(wish, after)
        if not role.standard:
            role.accounts = None if wish.accounts is None else sorted(set(wish.accounts))
            role.counts_as = wish.counts_as
        role.save(update_fields=[*words, "granted", "voices", "accounts", "counts_as"])

    keep_keys(role.workspace_id, change)
    record(
        ROLE_EDITED,
        RoleEdited(given=sorted(after - before), taken=sorted(before - after), reworded=reworded),
        actor=by.ref,
        subject=role.ref,
        workspace_id=role.workspace_id,
        at=now,
    )
    return role


@transaction.atomic
def retire_role(role: Role, *, seen: int, by: Actor, now: datetime) -> Role:
    """Put away a role of the team's own that nobody has any more.

    Raises NotAllowed, ChangedMeanwhile, BadScope("standard") for a role every workspace has, and
    RoleInUse while an active member, an open invitation or something above hangs on it.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=role.workspace_id)
    lock(role.workspace_id)
    if role.standard:
        raise BadScope("standard")
    step(role, seen=seen)
    team = Member.objects.active().filter(workspace_id=role.workspace_id).select_related("user")
    holds = Q(primary_role=role) | Q(further_roles=role)
    holders = list(team.filter(holds).distinct().order_by("user__name", "pk"))
    waiting = Invitation.objects.open(now=now).filter(role=role)
    uses = [*(invitation.email for invitation in waiting), *ports.uses_of(role.pk)]
    if holders or uses:
        raise RoleInUse(holders, uses)
    return _put(role, retired_at=now, by=by, now=now)


@transaction.atomic
def return_role(role: Role, *, seen: int, by: Actor, now: datetime) -> Role:
    """Bring a role that was put away back. Raises NotAllowed and ChangedMeanwhile."""
    require(by, Decision.ROLE_EDIT, workspace_id=role.workspace_id)
    lock(role.workspace_id)
    step(role, seen=seen)
    return _put(role, retired_at=None, by=by, now=now)


def _put(role: Role, *, retired_at: datetime | None, by: Actor, now: datetime) -> Role:
    role.retired_at = retired_at
    role.save(update_fields=["retired_at"])
    record(
        ROLE_RETIRED if retired_at else ROLE_RETURNED,
        Bare(),
        actor=by.ref,
        subject=role.ref,
        workspace_id=role.workspace_id,
        at=now,
    )
    return role
