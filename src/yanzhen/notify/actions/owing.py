"""Owing letters: which news leaves the app, by which way and when. Rows only, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from yanzhen.activity.feed import Told
from yanzhen.notify import wired
from yanzhen.notify.deeds import matter_of
from yanzhen.notify.models import Browser, Letter, Manner, Notice, Outlet, Preference, SlackLink
from yanzhen.notify.news import topic_of
from yanzhen.notify.rules.quiet import Quiet, next_shown
from yanzhen.notify.states import Level, OutletKind, Way
from yanzhen.people.mail import mail_is_set_up
from yanzhen.people.models import Member, MemberQuerySet, Workspace


class Duty:
    """Who is on duty in one workspace at one moment; asked only when quiet hours make it matter."""

    def __init__(self, workspace_id: int, at: datetime) -> None:
        self._workspace_id = workspace_id
        self._at = at

    @cached_property
    def members(self) -> frozenset[int]:
        """The numbers of those on duty."""
        workspace = Workspace.objects.select_related("lead").get(pk=self._workspace_id)
        return wired.on_duty(workspace, at=self._at)

    def breaks_quiet(self, member_id: int, *, urgent: bool) -> bool:
        """Tell whether quiet hours do not keep news from the member.

        Whoever is on duty is told. When nobody is, urgent news reaches everybody it is for: quiet
        hours rest on somebody else being awake.
        """
        return member_id in self.members or (urgent and not self.members)


def reachable(members: MemberQuerySet) -> MemberQuerySet:
    """Load what decides how the members are told: zone, manner, and the ways open to them."""
    linked = SlackLink.objects.standing().filter(member=OuterRef("pk"))
    browsers = Browser.objects.filter(member=OuterRef("pk"))
    rows = members.select_related("user", "manner")
    return rows.annotate(in_slack=Exists(linked), has_browser=Exists(browsers))


def quiet_of(member: Member) -> Quiet | None:
    """Return the member's quiet hours, if they have any; the manner must be loaded."""
    manner = _manner(member)
    if manner is None or manner.quiet_from is None or manner.quiet_until is None:
        return None
    return Quiet(manner.quiet_from, manner.quiet_until, ZoneInfo(member.user.zone))


def _manner(member: Member) -> Manner | None:
    return getattr(member, "manner", None)


def owe_members(event: Told, notices: Sequence[Notice], members: Iterable[Member]) -> None:
    """Owe what the members want sent of these notices; ``members`` from ``reachable``."""
    by_pk = {member.pk: member for member in members}
    duty = Duty(event.workspace_id, event.at)
    wishes = Preference.objects.filter(member__in=by_pk, topic=topic_of(event.kind))
    levels = {(wish.member_id, wish.way): Level(wish.level) for wish in wishes}
    matter = matter_of(event)
    letters = []
    for notice in notices:
        member = by_pk[notice.member_id]
        for way in _open_ways(member):
            level = levels.get((member.pk, way), Level.URGENT)
            if level.takes(urgent=notice.urgent):
                letters.append(_letter(notice, member, way, duty, matter))
    Letter.objects.bulk_create(letters)


def _open_ways(member: Member) -> list[Way]:
    ways = [Way.MAIL] if mail_is_set_up() else []
    if getattr(member, "in_slack", False):
        ways.append(Way.SLACK)
    if getattr(member, "has_browser", False):
        ways.append(Way.PUSH)
    return ways


def _letter(notice: Notice, member: Member, way: Way, duty: Duty, matter: str) -> Letter:
    due_at, held = _when(notice, member, way, duty)
    return Letter(
        workspace_id=notice.workspace_id,
        way=way,
        notice=notice,
        member=member,
        event=notice.event,
        kind=notice.kind,
        urgent=notice.urgent,
        url=notice.url,
        owed_at=notice.at,
        due_at=due_at,
        held=held,
        matter=matter if way == Way.SLACK else "",
    )


def _when(notice: Notice, member: Member, way: Way, duty: Duty) -> tuple[datetime, bool]:
    """Return when the letter is due, and whether quiet hours are why."""
    due_at, manner = notice.at, _manner(member)
    if way == Way.MAIL and not notice.urgent and manner is not None and manner.digest_at:
        due_at = next_shown(manner.digest_at, ZoneInfo(member.user.zone), after=due_at)
    quiet = quiet_of(member)
    if quiet is None or not quiet.holds(due_at):
        return due_at, False
    if due_at == notice.at and duty.breaks_quiet(member.pk, urgent=notice.urgent):
        return due_at, False
    return quiet.ends_after(due_at), True


def owe_outlets(event: Told, *, url: str, urgent: bool) -> None:
    """Owe the event to every outlet that is told such news, once, however often it is told."""
    topic, matter = topic_of(event.kind), matter_of(event)
    outlets = Outlet.objects.for_news(event.workspace_id)
    letters = [
        Letter(
            workspace_id=event.workspace_id,
            way=Way.OUTLET,
            outlet=outlet,
            event=event.pk,
            kind=event.kind,
            urgent=urgent,
            url=url,
            owed_at=event.at,
            due_at=event.at,
            matter=matter if outlet.kind == OutletKind.SLACK else "",
        )
        for outlet in outlets
        if outlet.takes(topic, urgent=urgent)
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


@transaction.atomic
def release_held(*, now: datetime) -> int:
    """Let go what quiet hours keep from members who are on duty by now; return how many letters.

    With nobody on duty the urgent ones of all go.
    """
    held = Letter.objects.held(now=now)
    freed = 0
    for workspace_id in held.order_by().values_list("workspace_id", flat=True).distinct():
        duty = Duty(workspace_id, now)
        rows = held.filter(workspace_id=workspace_id)
        mine = rows.filter(member__in=duty.members) if duty.members else rows.filter(urgent=True)
        freed += mine.update(due_at=now, held=False)
    return freed
