"""Closing a gap, or ending an overlap, of the table of decisions: one step over several roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.people.actions.keep import ChangedMeanwhile
from yanzhen.people.actions.roles import RoleWish, edit_role
from yanzhen.people.models import Role, Workspace
from yanzhen.people.rights import Actor, Decision, Voice, require


@dataclass(frozen=True)
class Change:
    """What becomes of one role for one decision: the letters before and after."""

    role: Role
    before: str
    after: str


@dataclass(frozen=True)
class Back:
    """What one role, by number, had for a decision before, and its revision since."""

    role: int
    letter: str
    seen: int


def changes_for(
    decision: Decision, role: Role, roles: Sequence[Role], *, alone: bool
) -> list[Change]:
    """Return what follows when ``role`` decides; ``alone``: who decided before proposes then.

    ``roles`` are the standing ones; those for some accounts only are left as they are.
    """
    slug = decision.value
    found = []
    for each in roles:
        if each.pk == role.pk and slug not in each.granted:
            found.append(Change(each, each.shown_voices.get(slug, ""), "D"))
        elif alone and each.pk != role.pk and slug in each.granted and each.accounts is None:
            found.append(Change(each, "D", Voice.PROPOSES.value))
    return found


@transaction.atomic
def settle_decision(
    workspace: Workspace,
    decision: Decision,
    *,
    role: Role,
    alone: bool,
    seen: Mapping[int, int],
    by: Actor,
    now: datetime,
) -> list[Change]:
    """Let ``role`` decide; ``alone``: the others that did propose. ``seen``: revisions by number.

    Returns what changed. Raises NotAllowed, ChangedMeanwhile and LastHolder.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=workspace.pk)
    roles = list(workspace.roles.in_order())
    changes = changes_for(decision, role, roles, alone=alone)
    for change in changes:
        each = change.role
        if each.pk not in seen:
            raise ChangedMeanwhile(each)
        _turn(each, decision, change.after, seen=seen[each.pk], by=by, now=now)
    return changes


@transaction.atomic
def settle_back(
    workspace: Workspace,
    decision: Decision,
    *,
    back: Sequence[Back],
    by: Actor,
    now: datetime,
) -> None:
    """Give each of these roles the letter that it had before settle_decision.

    Raises NotAllowed, LastHolder, and ChangedMeanwhile when one was changed since.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=workspace.pk)
    roles = {role.pk: role for role in workspace.roles.in_order()}
    # Those that get the decision back first: at no moment has nobody a key.
    for each in sorted(back, key=lambda each: each.letter != "D"):
        role = roles.get(each.role)
        if role is None:
            raise ChangedMeanwhile(workspace)
        _turn(role, decision, each.letter, seen=each.seen, by=by, now=now)


def _turn(
    role: Role, decision: Decision, letter: str, *, seen: int, by: Actor, now: datetime
) -> None:
    """Give or take one decision from a role and leave everything else of it as it is."""
    known = {d.value for d in Decision}
    granted = {Decision(slug) for slug in role.granted if slug in known}
    voices = {Decision(s): Voice(v) for s, v in role.shown_voices.items() if s in known}
    if letter == "D":
        granted.add(decision)
    else:
        granted.discard(decision)
        voices.pop(decision, None)
        if letter:
            voices[decision] = Voice(letter)
    wish = RoleWish(
        title=role.title,
        title_zh=role.title_zh,
        mission=role.mission,
        mission_zh=role.mission_zh,
        decisions=[d for d in Decision if d in granted],
        voices=voices,
        accounts=role.accounts,
        counts_as=role.counts_as,
    )
    edit_role(role, wish=wish, seen=seen, by=by, now=now)
