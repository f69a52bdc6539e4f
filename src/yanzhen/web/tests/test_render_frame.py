"""The frame around every page: landmarks, words, counts, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel.clock import set_to
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, Cast, join, make_cast, make_user
from yanzhen.planning.models import Focus, Theme
from yanzhen.web.shell import Shell

PAGE = '{% extends "base.html" %}{% block heading %}Now{% endblock %}'
#: Reviews, what needs a person, clocks, theme and focus, unread notices, banners.
QUERIES_OF_THE_FRAME = 6


class Landmarks(HTMLParser):
    """Collects tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def request_of(member: Member | None, path: str = "/") -> HttpRequest:
    request: Any = RequestFactory().get(path)
    request.session = SessionStore()
    request.user = member.user if member else AnonymousUser()
    loaded = Member.objects.with_roles().select_related("workspace__lead__user")
    request.member = loaded.get(pk=member.pk) if member else None
    return request  # type: ignore[no-any-return]  # a plain request with what middleware adds


def page_of(member: Member, path: str = "/", language: str = "en") -> str:
    template = engines["django"].from_string(PAGE)
    with translation.override(language), set_to(NOW):
        return str(template.render({}, request_of(member, path)))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("language", "lang", "skip", "nav"),
    [("en", "en", "Skip to content", "Main"), ("zh-hans", "zh-Hans", "跳到正文", "主导航")],
)
def test_render_frame_in_both_languages_has_its_landmarks(
    cast: Cast, language: str, lang: str, skip: str, nav: str
) -> None:
    html = page_of(cast.lena, language=language)
    page = Landmarks(html)
    assert page.of("html")[0]["lang"] == lang
    assert len(page.of("h1")) == len(page.of("main")) == len(page.of("header")) == 1
    assert [attrs["aria-label"] for attrs in page.of("nav")] == [nav]
    assert page.of("a")[0] == {"class": "skip", "href": "#main"}
    assert skip in html
    assert page.of("main")[0]["id"] == "main"


def test_render_frame_has_no_inline_script_and_no_handler(cast: Cast) -> None:
    page = Landmarks(page_of(cast.lena))
    for attrs in page.of("script"):
        assert attrs.get("src") or attrs.get("type") == "application/json"
    assert not [a for _tag, attrs in page.tags for a in attrs if a.startswith(("on", "hx-on"))]
    styles = [attrs["style"] for _tag, attrs in page.tags if "style" in attrs]
    assert all(style and style.startswith("--") for style in styles)


def test_render_frame_costs_six_queries_whatever_the_team(cast: Cast) -> None:
    worker_answers()
    request = request_of(cast.lena)
    with CaptureQueriesContext(
        connection,
    ) as few:
        read_all(Shell(request))
    for name in ("Ana", "Ben", "Cai"):
        join(cast.workspace, make_user(name, zone="Asia/Tokyo"), "creator")
    with CaptureQueriesContext(connection) as many:
        read_all(Shell(request))
    assert len(few) == len(many) == QUERIES_OF_THE_FRAME


def read_all(shell: Shell) -> None:
    for name in dir(Shell):
        if not name.startswith("_"):
            getattr(shell, name)


def test_render_frame_for_a_stranger_asks_nothing(cast: Cast) -> None:
    request = request_of(None)
    with CaptureQueriesContext(connection) as queries:
        html = render_to_string("base_outside.html", {}, request)
    assert len(queries) == 0
    assert len(Landmarks(html).of("h1")) == 1


def test_show_clocks_puts_the_latest_city_first_and_merges_zones(cast: Cast) -> None:
    with set_to(NOW):
        clocks = Shell(request_of(cast.lena)).clocks
    assert [(clock.city, clock.time, clock.sky) for clock in clocks] == [
        ("Shanghai", "17:00", "day"),
        ("Berlin", "10:00", "day"),
        ("Los Angeles", "01:00", "night"),
    ]


def test_show_clocks_uses_the_city_people_gave_in_the_readers_language(cast: Cast) -> None:
    cast.maya.user.city = "San Francisco"
    cast.maya.user.save(update_fields=["city"])
    with set_to(NOW), translation.override("zh-hans"):
        assert [clock.city for clock in Shell(request_of(cast.lena)).clocks][-1] == "旧金山"


def test_show_lead_after_its_hour_still_names_who_has_it(cast: Cast) -> None:
    cast.workspace.lead = cast.lin
    cast.workspace.lead_until_at = NOW + timedelta(hours=2)
    cast.workspace.save()
    with set_to(NOW):
        lead = Shell(request_of(cast.lena)).lead
    assert lead is not None
    assert (lead.member, lead.line, lead.mine) == (cast.lin, "leads until 12:00", False)
    with set_to(NOW + timedelta(hours=2)):
        late = Shell(request_of(cast.lena)).lead
    assert late is not None
    assert (late.member, late.line) == (cast.lin, "still leads, due over at 12:00")


def test_show_theme_takes_month_and_week_of_the_home_zone(cast: Cast) -> None:
    today = NOW.date()
    Theme.objects.create(workspace=cast.workspace, month_date=today.replace(day=1), name="Light")
    Focus.objects.create(
        workspace=cast.workspace, week_date=today - timedelta(days=today.weekday()), name="Sleep"
    )
    with set_to(NOW):
        shell = Shell(request_of(cast.lena))
    assert (shell.theme and shell.theme.label, shell.focus and shell.focus.label) == (
        "March",
        "Week 10",
    )
    with set_to(NOW):
        assert Shell(request_of(cast.wu)).theme is None


def test_show_rail_marks_the_room_the_page_belongs_to(cast: Cast) -> None:
    nav = Shell(request_of(cast.lena, "/team/7/")).nav
    assert [link.name for group in nav for link in group.links if link.current] == ["Team"]


def test_show_rail_hides_the_log_from_those_who_may_not_read_it(cast: Cast) -> None:
    def names(member: Member) -> list[str]:
        nav = Shell(request_of(member)).nav
        return [link.name for group in nav for link in group.links]

    assert "Activity log" in names(cast.admin)
    assert "Activity log" not in names(cast.zhou)


def test_show_brands_lists_only_the_readers_own(cast: Cast) -> None:
    assert [brand.name for brand in Shell(request_of(cast.lena)).brands] == ["Ferrow"]
    other = join(cast.wu.workspace, cast.lena.user, "creator")
    assert [brand.name for brand in Shell(request_of(other)).brands] == ["Ferrow", "Other"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "page", ["400", "403", "403_stale", "404", "405", "409", "413", "429", "500"]
)
def test_render_refusal_says_one_line_and_one_way_on(cast: Cast, page: str, language: str) -> None:
    with translation.override(language):
        for member in (None, cast.lena):
            html = render_to_string(f"{page}.html", {}, request_of(member))
            marks = Landmarks(html)
            assert len(marks.of("h1")) == len(marks.of("main")) == 1
            assert [a for a in marks.of("a") if a.get("class") == "btn" and a["href"]]


def test_render_refusal_names_who_holds_the_right(cast: Cast) -> None:
    context = {"why": "No.", "duty": "Read the log.", "holders": [cast.admin]}
    html = render_to_string("403.html", context, request_of(cast.zhou))
    assert "Sam" in html
    assert "Read the log." in html
