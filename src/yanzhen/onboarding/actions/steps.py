"""Taking the steps: the actions of the rooms below, several at once, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from yanzhen.brand.actions.drafting import add_rule, lock_framework
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.rules import RuleSpec
from yanzhen.duty.actions.hours import BadHours
from yanzhen.duty.actions.sites import NameTaken, add_site
from yanzhen.duty.models import Site
from yanzhen.onboarding.actions.progress import settle_step
from yanzhen.people.actions.invitations import AlreadyMember, invite_member
from yanzhen.people.actions.profile import change_language
from yanzhen.people.actions.workspaces import change_workspace
from yanzhen.people.models import Invitation, Member, Role
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.framing import set_theme
from yanzhen.review.actions.ways import choose_way
from yanzhen.review.ways import Way


class RowRefused(Exception):
    """One of several rows cannot be; none was written. ``index`` counts from 0."""

    def __init__(self, index: int, why: Exception) -> None:
        super().__init__(f"row {index}: {why}")
        self.index, self.why = index, why


class RulesThere(Exception):
    """The brand has rules already; its own pages are the place to change them."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite. ``language`` is a code of settings.LANGUAGES."""

    email: str
    name: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class PlaceWish:
    """A place, its IANA zone and its working hours ("HH:MM" wall times) on ISO weekdays."""

    name: str
    zone: str
    hours: tuple[str, str]
    weekdays: Sequence[int]


@transaction.atomic
def name_workspace(
    *, name: str, zone: str, language: str, seen: int, by: Member, now: datetime
) -> None:
    """Set the workspace's name and home zone, and the language that the member reads.

    Raises NotAllowed and ChangedMeanwhile.
    """
    change_workspace(by.workspace, name=name, zone=zone, seen=seen, by=by, now=now)
    change_language(by.user, language=language)
    settle_step("workspace", skipped=False, by=by, now=now)


@transaction.atomic
def invite_guests(
    guests: Sequence[Guest], *, by: Member, now: datetime
) -> list[tuple[Invitation, str]]:
    """Invite all of them or nobody; return each invitation with its link's secret.

    Raises NotAllowed, RowRefused for whoever is a member already, and Role.DoesNotExist.
    """
    made = []
    for index, guest in enumerate(guests):
        try:
            invited = invite_member(
                by.workspace,
                email=guest.email,
                name=guest.name,
                language=guest.language,
                role=guest.role,
                by=by,
                now=now,
            )
        except AlreadyMember as known:
            raise RowRefused(index, known) from known
        made.append(invited)
    settle_step("people", skipped=False, by=by, now=now)
    return made


@transaction.atomic
def add_places(wishes: Sequence[PlaceWish], *, by: Member, now: datetime) -> list[Site]:
    """Add all these places or none. Raises NotAllowed, UnknownZone, and RowRefused for the others
    that add_site raises.
    """
    made = []
    for index, wish in enumerate(wishes):
        try:
            site = add_site(
                by.workspace,
                name=wish.name,
                zone=wish.zone,
                hours=[wish.hours],
                weekdays=wish.weekdays,
                by=by,
                now=now,
            )
        except (NameTaken, BadHours) as wrong:
            raise RowRefused(index, wrong) from wrong
        made.append(site)
    settle_step("places", skipped=False, by=by, now=now)
    return made


@transaction.atomic
def take_way(
    way: Way, *, hats: Iterable[tuple[Member, Role]], reason: str, by: Member, now: datetime
) -> None:
    """Choose how the team works, with the step. Raises what choose_way raises, and NotAllowed."""
    choose_way(by.workspace, way, hats=hats, reason=reason, by=by, now=now)
    settle_step("way", skipped=False, by=by, now=now)


@transaction.atomic
def publish_first_words(rules: Sequence[RuleSpec], *, note: str, by: Member, now: datetime) -> None:
    """Publish the brand's first rules as its first version. ``note`` says what is new in it.

    Raises NotAllowed, and RulesThere when there is a rule or a version already.
    """
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    if framework.live_id is not None or framework.rules.exists():
        raise RulesThere
    for rule in rules:
        add_rule(rule, by=by, now=now)
    framework.refresh_from_db()
    publish_framework(note=note, seen=framework.revision, by=by, now=now)
    settle_step("words", skipped=False, by=by, now=now)


@transaction.atomic
def set_first_theme(*, month: date, name: str, note: str, by: Member, now: datetime) -> None:
    """Say what the month of that day is about. Raises NotAllowed."""
    set_theme(month=month, name=name, note=note, by=by, now=now)
    settle_step("theme", skipped=False, by=by, now=now)
