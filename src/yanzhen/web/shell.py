"""What the frame around every page shows. Read lazily, so that strangers' pages ask nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext, pgettext

from yanzhen.kernel.clock import now
from yanzhen.notify.banners import Banner, banners_for
from yanzhen.notify.queries import count_unread
from yanzhen.notify.wiring import triggers
from yanzhen.onboarding.back import way_back
from yanzhen.onboarding.topics import topic_of
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Focus, Theme
from yanzhen.publishing.engine.gates import key_of
from yanzhen.publishing.inbox import waiting_for_a_person
from yanzhen.publishing.models import GateScope
from yanzhen.review.models import RoundStep
from yanzhen.web import navigation, spoken

MOST_CLOCKS = 4


@dataclass(frozen=True)
class Clock:
    """One city's wall time. ``zone`` is its IANA name; ``sky`` night, dawn, day or dusk."""

    zone: str
    city: str
    time: str
    sky: str


@dataclass(frozen=True)
class Heading:
    """A span of the plan and what it is about: June, Travel light."""

    label: str
    title: str


@dataclass(frozen=True)
class Lead:
    """Who holds the last gate, and a line that says until when; ``mine`` when it is the reader."""

    member: Member
    line: str
    mine: bool


@dataclass(frozen=True)
class Whereabouts:
    """How many people of a workspace gave the same zone and city."""

    workspace_id: int
    workspace: str
    zone: str
    city: str
    people: int


@dataclass(frozen=True)
class Brand:
    """A workspace the reader belongs to."""

    pk: int
    name: str


class Shell:
    """The frame's content for one request; every part is computed once, when first shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.moment: datetime = now()

    @cached_property
    def member(self) -> Member | None:
        """Who looks, in the workspace they chose; None for strangers."""
        found: Member | None = getattr(self.request, "member", None)
        return found

    @property
    def workspace(self) -> Workspace | None:
        """The brand whose desk this is."""
        return self.member.workspace if self.member else None

    @property
    def html_lang(self) -> str:
        """The page's language tag for <html lang>."""
        return "zh-Hans" if (get_language() or "en").startswith("zh") else "en"

    @property
    def single_keys(self) -> bool:
        """Whether the reader wants single-key shortcuts (WCAG 2.1.4)."""
        return self.member.user.single_keys if self.member else True

    @property
    def practice(self) -> bool:
        """Whether posts go to the practice server instead of X."""
        return bool(settings.ENV.practice)

    @property
    def frame(self) -> str:
        """The page to extend where a reader may be a member or a stranger."""
        return "base.html" if self.member else "base_outside.html"

    @property
    def live_url(self) -> str:
        """Where the page hears of changes; empty for strangers."""
        return "/live" if self.member else ""

    @property
    def links(self) -> dict[str, str]:
        """Paths of the pages the frame itself leads to; "" where not served or not theirs."""
        names = (
            "today",
            "team",
            "workspaces",
            "sign-out",
            "sign-in",
            "language",
            "post-new",
            "more",
            "notices",
            "frame",
            "search",
            "start",
        )
        found = {name.replace("-", "_"): navigation.address(name) for name in names}
        if self.member is None or not self.member.may_somewhere(Decision.POST_WRITE):
            found["post_new"] = ""
        if self.member is None or not self.member.may_somewhere(Decision.WORKSPACE_EDIT):
            found["start"] = ""
        return found

    @property
    def help(self) -> str:
        """Where the help for this page is; all of it where the page has none."""
        match = self.request.resolver_match
        name = topic_of(match.url_name or "") if match else ""
        return reverse("help-topic", args=[name]) if name else reverse("help")

    @property
    def way_back(self) -> str:
        """The step of the first ten minutes that this browser left for this page; "" for none."""
        return way_back(self.request)

    @property
    def words(self) -> dict[str, str | float]:
        """Words and limits for the scripts, in the reader's language."""
        return spoken.words_for_scripts()

    @cached_property
    def _everyone(self) -> list[Whereabouts]:
        """Where the members of all the reader's brands sit, in one query."""
        if self.member is None:
            return []
        rows = (
            Member.objects.active()
            .filter(workspace__members__user=self.member.user, workspace__members__active=True)
            .order_by("workspace__name", "workspace_id", "user__zone", "user__city")
            .values_list("workspace_id", "workspace__name", "user__zone", "user__city")
            .annotate(people=Count("pk", distinct=True))
        )
        return [Whereabouts(*row) for row in rows]

    @property
    def brands(self) -> list[Brand]:
        """The reader's workspaces by name."""
        names = {row.workspace_id: row.workspace for row in self._everyone}
        return [Brand(pk, name) for pk, name in names.items()]

    @cached_property
    def clocks(self) -> list[Clock]:
        """The cities most members sit in, sunrise first; at most MOST_CLOCKS."""
        people: Counter[str] = Counter()
        city: dict[str, tuple[int, str]] = {}
        for row in self._everyone:
            if self.member is None or row.workspace_id != self.member.workspace_id:
                continue
            people[row.zone] += row.people
            if row.city:
                city[row.zone] = max(city.get(row.zone, (0, "")), (row.people, row.city))
        shown = [zone for zone, _size in people.most_common(MOST_CLOCKS)]
        local = {zone: self.moment.astimezone(ZoneInfo(zone)) for zone in shown}
        ahead = sorted(shown, key=lambda z: (local[z].replace(tzinfo=None), z), reverse=True)
        return [
            Clock(
                zone,
                spoken.place_words(city.get(zone, (0, ""))[1], zone),
                f"{local[zone]:%H:%M}",
                spoken.sky_at(local[zone].hour),
            )
            for zone in ahead
        ]

    @cached_property
    def _plan(self) -> Workspace | None:
        """The workspace with ``theme`` and ``focus`` of today in its home zone, in one query."""
        if self.workspace is None:
            return None
        today = self.moment.astimezone(self.workspace.tz).date()
        monday = today - timedelta(days=today.weekday())
        theme = Theme.objects.filter(workspace=OuterRef("pk"), month_date=today.replace(day=1))
        focus = Focus.objects.filter(workspace=OuterRef("pk"), week_date=monday)
        return Workspace.objects.annotate(
            theme=Subquery(theme.values("name")[:1]), focus=Subquery(focus.values("name")[:1])
        ).get(pk=self.workspace.pk)

    @property
    def theme(self) -> Heading | None:
        """What this month is about, if somebody said."""
        name = getattr(self._plan, "theme", None)
        if not name or self.workspace is None:
            return None
        local = self.moment.astimezone(self.workspace.tz)
        return Heading(formats.date_format(local, pgettext("date format", "F")), name)

    @property
    def focus(self) -> Heading | None:
        """What this week is about, if somebody said."""
        name = getattr(self._plan, "focus", None)
        if not name or self.workspace is None:
            return None
        week = self.moment.astimezone(self.workspace.tz).isocalendar().week
        return Heading(gettext("Week %(number)d") % {"number": week}, name)

    @cached_property
    def lead(self) -> Lead | None:
        """Who has the lead now, if anyone; past its hour too, until somebody has accepted it."""
        workspace = self.workspace
        leader = workspace.lead if workspace else None
        if workspace is None or self.member is None or leader is None:
            return None
        until = workspace.lead_until_at
        line = pgettext("lead", "has the lead")
        if until is not None:
            hour = spoken.moment_words(until, self.member.user.tz, now=self.moment)
            late = workspace.lead_overdue(self.moment)
            said = (
                gettext("still leads, due over at %(time)s")
                if late
                else gettext("leads until %(time)s")
            )
            line = said % {"time": hour}
        return Lead(leader, line, leader.pk == self.member.pk)

    @cached_property
    def nav(self) -> list[navigation.LinkGroup]:
        """The rail's groups of links with their counts."""
        if self.member is None:
            return []
        return navigation.links_for(self.member, self.request.path, self._count_of)

    @property
    def more(self) -> navigation.Link:
        """The phone's fifth tab: current when none of the other four is."""
        on_tab = any(link.current and link.tab for group in self.nav for link in group.links)
        return navigation.Link(
            self.links["more"],
            pgettext("navigation", "More"),
            "icon-more",
            current=not on_tab,
            count=self.failures[0],
            tone=self.failures[1],
            slot="more",
        )

    @property
    def freezable(self) -> str:
        """How the freeze form names all of the workspace; "" for who may not freeze it."""
        if self.member is None or not self.member.may_somewhere(Decision.PUBLISH_FREEZE):
            return ""
        return key_of(GateScope.WORKSPACE, self.member.workspace_id)

    @property
    def own_links(self) -> list[navigation.Link]:
        """Links of the menu behind the reader's name."""
        return navigation.own_links(self.request.path)

    @cached_property
    def reviews(self) -> tuple[int, str]:
        """How many steps wait for the reader, and whether the first is soon due or late."""
        if self.member is None:
            return (0, "")
        waiting = RoundStep.objects.for_member(self.member)
        found = waiting.aggregate(count=Count("pk", distinct=True), first=Min("due_at"))
        return found["count"], self._tone(found["first"])

    @cached_property
    def failures(self) -> tuple[int, str]:
        """How many deliveries are held or refused and wait for anyone to decide."""
        if self.member is None:
            return (0, "")
        return waiting_for_a_person(self.member).count(), "late"

    @cached_property
    def unread(self) -> int:
        """How many notices the reader has not seen."""
        if self.member is None:
            return 0
        return count_unread(self.member)

    @property
    def unread_line(self) -> str:
        """The bell in words."""
        if not self.unread:
            return gettext("Notices")
        return ngettext("Notices, %(count)d unread", "Notices, %(count)d unread", self.unread) % {
            "count": self.unread
        }

    @cached_property
    def banners(self) -> list[Banner]:
        """What concerns the whole workspace now, loudest first."""
        return banners_for(self.member, now=self.moment) if self.member else []

    @property
    def counts(self) -> list[navigation.Link]:
        """The links whose numbers an open page keeps true."""
        links = [link for group in self.nav for link in group.links if link.slot]
        return [*links, self.more]

    @cached_property
    def mark(self) -> str:
        """A short name for all that an open page keeps true: the same while nothing changed."""
        counts = [(link.slot, link.count, link.tone) for link in self.counts]
        shown = repr((get_language(), self.unread, counts, self.banners))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    @property
    def frame_triggers(self) -> str:
        """When an open page asks for banners and numbers again; sooner while something is wrong."""
        often = "every 10s" if self.banners else "every 60s"
        return f"{triggers()}, activity:review from:body, {often}"

    def _tone(self, due_at: datetime | None) -> str:
        if due_at is None:
            return ""
        state, _words = spoken.due_words(due_at, now=self.moment)
        return "" if state == "ok" else state

    def _count_of(self, url_name: str) -> tuple[int, str]:
        """Number and tone beside one link of the rail."""
        if url_name == "review":
            return self.reviews
        return self.failures if url_name == "failures" else (0, "")


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Put the frame's content into every template as ``shell``."""
    return {"shell": Shell(request)}
