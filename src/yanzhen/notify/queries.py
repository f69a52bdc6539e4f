"""What the page of notices shows; reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, Prefetch, Q, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from yanzhen.activity.feed import Told, events, sentence
from yanzhen.activity.veils import any_stands, veiled_from
from yanzhen.notify.models import Letter, Notice, NoticeQuerySet, Outlet
from yanzhen.notify.news import TOPICS, topic_of
from yanzhen.notify.states import LetterState, Unsaid, Way
from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Line:
    """A notice and what happened, as one sentence in the reader's language.

    ``veiled``: the sentence does not say about what.
    """

    notice: Notice
    said: str
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one calendar day of the reader; ``ago`` 0 is today, 1 yesterday."""

    day: date
    ago: int
    lines: list[Line]


def with_sentences(
    notices: Iterable[Notice], member: Member, *, language: str | None = None
) -> list[Line]:
    """Return the member's notices with their sentences, in one query for all events.

    ``language`` None is the active one; moments are by the member's own clock. An event the log
    does not have leaves its kind's slug; one about what is veiled from the member is told without
    words.
    """
    found = list(notices)
    veiled = Case(When(veiled_from(member, told=True), then=Value(True)), default=Value(False))
    told = events().objects.annotate(veiled=veiled).in_bulk([notice.event for notice in found])
    spoken = translation.override(language or translation.get_language())
    with spoken, timezone.override(member.user.tz):
        return [_line(notice, told.get(notice.event)) for notice in found]


def _line(notice: Notice, event: Told | None) -> Line:
    if event is None:
        return Line(notice, notice.kind)
    if getattr(event, "veiled", False):
        return Line(notice, _("An embargoed post needs somebody on its list."), veiled=True)
    return Line(notice, " ".join(sentence(event).split()))


def count_unread(member: Member) -> int:
    """Return how many notices the member may read and has not seen.

    Every page asks. So what is veiled is looked for only if anything is, in a second query.
    """
    own = Notice.objects.filter(member_id=member.pk).unread()
    stands = ExpressionWrapper(any_stands(member, told=True), output_field=BooleanField())
    counted = own.annotate(stands=stands).values_list("stands").annotate(count=Count("pk"))
    for may_be_veiled, count in counted:
        return Notice.objects.visible_to(member).unread().count() if may_be_veiled else count
    return 0


def is_veiled(notice: Notice, member: Member) -> bool:
    """Tell whether a notice is about something veiled from its member by now."""
    return events().objects.filter(veiled_from(member, told=True), pk=notice.event).exists()


def by_day(lines: Iterable[Line], zone: ZoneInfo, *, now: datetime) -> list[Day]:
    """Group lines, newest first, by the day they fall on in ``zone``."""
    today = now.astimezone(zone).date()
    days = groupby(lines, key=lambda line: line.notice.at.astimezone(zone).date())
    return [Day(day, (today - day).days, list(group)) for day, group in days]


def with_mail_trouble(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Load, as ``mail_trouble``, the mails of these notices that have not left or never will."""
    mails = Letter.objects.filter(way=Way.MAIL).exclude(error="")
    mails = mails.exclude(state=LetterState.DROPPED)
    return notices.prefetch_related(Prefetch("letters", queryset=mails, to_attr="mail_trouble"))


def outlets_of(member: Member) -> list[Outlet]:
    """Return the outlets of the member's workspace in order; ``dead`` is how many letters are."""
    dead = Count("letters", filter=Q(letters__state=LetterState.DEAD))
    return list(Outlet.objects.visible_to(member).annotate(dead=dead).in_order())


MOST_RECENT = 10


def recent_letters(outlet: Outlet) -> list[LetterRow]:
    """Return the newest letters of an outlet, without those an embargo keeps: all members read."""
    told = outlet.letters.exclude(state=LetterState.DROPPED, error=Unsaid.VEILED)
    return letter_rows(told.order_by("-pk")[:MOST_RECENT])


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter for people: to whom, about which kind of news, without what it says.

    ``why`` is what came back last, or why nobody was told.
    """

    letter: Letter
    to: str
    about: str
    why: str


def letter_rows(letters: Iterable[Letter]) -> list[LetterRow]:
    """Return letters as rows; outlet and member (with user) must be loaded."""
    return [LetterRow(each, _reader(each), _about(each), _why(each)) for each in letters]


def _reader(letter: Letter) -> str:
    if letter.outlet is not None:
        return letter.outlet.name
    name = letter.member.user.name if letter.member is not None else ""
    return " · ".join(filter(None, [name, str(Way(letter.way).label)]))


def _why(letter: Letter) -> str:
    known = letter.state == LetterState.DROPPED and letter.error in Unsaid.values
    return str(Unsaid(letter.error).label) if known else letter.why


def _about(letter: Letter) -> str:
    if letter.event is None:
        return _("Test") if letter.outlet_id is not None else _("Answer in Slack")
    return str(TOPICS[topic_of(letter.kind)])
