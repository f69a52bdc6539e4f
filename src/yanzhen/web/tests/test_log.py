"""The activity log's page and file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yanzhen.activity.feed import events, verify
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.people.actions.workspaces import change_workspace
from yanzhen.people.events import WORKSPACE_CHANGED, WorkspaceChanged
from yanzhen.people.models import User
from yanzhen.people.tests.cast import NOW, Cast, make_cast
from yanzhen.web.views.log import COLUMNS, PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def lena(client, cast):
    client.force_login(cast.lena.user)
    client.get("/health")
    return client


def happen(cast: Cast, name: str, *, by: str = "Lin", at=NOW, workspace_id: int = 0) -> None:
    """Record that somebody renamed something."""
    with transaction.atomic():
        record(
            WORKSPACE_CHANGED,
            WorkspaceChanged(name=name, zone="UTC"),
            actor=Ref("people.member", "7", by),
            subject=Ref("people.workspace", "1", name),
            workspace_id=workspace_id or cast.workspace.pk,
            at=at,
        )


def shown(answer) -> list[str]:
    return [said for _event, said in answer.context["rows"]]


def told(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_log_shows_the_newest_first_and_nothing_of_next_door(lena, cast):
    happen(cast, "Quandt", workspace_id=cast.wu.workspace_id)
    happen(cast, "Ferrow & Co")
    answer = lena.get("/activity/")
    assert "Ferrow &amp; Co" in answer.content.decode()
    assert "Ferrow & Co" in shown(answer)[0]
    assert not [said for said in shown(answer) if "Quandt" in said]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=zho", ["Two"]),
        ("subject=one", ["One"]),
        ("actor=lin&subject=two", []),
        ("since=2026-03-03", ["Three"]),
        ("since=2026-03-02&until=2026-03-02&room=people&subject=o", ["Two", "One"]),
        ("room=review", []),
        ("actor=%25", []),
    ],
)
def test_log_narrows_by_what_is_asked(lena, cast, query: str, found: list[str]):
    happen(cast, "One")
    happen(cast, "Two", by="Zhou")
    happen(cast, "Three", at=NOW + timedelta(days=1))
    renamed = [
        event.subject_label
        for event, _said in lena.get(f"/activity/?{query}").context["rows"]
        if event.kind == "people.workspace_changed"
    ]
    assert renamed == found


def test_log_reads_days_in_the_readers_zone(lena, cast):
    """Half past midnight in Berlin is the day before in UTC."""
    happen(cast, "Night", at=NOW.replace(day=9, hour=23, minute=30))
    assert len(lena.get("/activity/?since=2026-03-10&subject=night").context["rows"]) == 1
    User.objects.filter(pk=cast.lena.user_id).update(zone="UTC")
    assert lena.get("/activity/?since=2026-03-10&subject=night").context["rows"] == []


@pytest.mark.parametrize(
    "query", ["since=9999-12-31", "until=9999-12-31", "since=0001-01-01", "since=x", "room=cellar"]
)
def test_log_refuses_a_filter_that_makes_no_sense(lena, cast, query: str):
    for address in ("/activity/", "/activity.csv"):
        answer = lena.get(f"{address}?{query}")
        assert answer.status_code == 422
        assert answer.context["rows"] == [], "everything would be taken for what was asked"
        assert "field__error" in answer.content.decode()


def test_log_pages_without_gap_or_repeat(lena, cast):
    for number in range(PAGE + 5):
        happen(cast, f"Name {number}")
    first = lena.get("/activity/")
    numbers = [event.number for event, _said in first.context["rows"]]
    assert len(numbers) == PAGE
    then = lena.get(f"/activity/?before={first.context['next']}")
    numbers += [event.number for event, _said in then.context["rows"]]
    last = events().objects.in_workspace(cast.workspace.pk).newest_first().first()
    assert numbers == list(range(last.number, 0, -1))
    assert then.context["next"] is None


def test_log_keeps_the_filter_in_the_way_to_older(lena, cast):
    for number in range(PAGE + 1):
        happen(cast, f"Name {number}", by="Zhou")
    page = lena.get("/activity/?actor=zhou").content.decode()
    assert "actor=zhou&amp;before=" in page
    assert "/activity.csv?actor=zhou" in page


def test_log_answers_htmx_with_the_rows_alone(lena, cast):
    answer = lena.get("/activity/", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["/activity/", "/activity.csv"])
def test_log_costs_the_same_for_one_event_and_sixty(lena, cast, name: str):
    def cost(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = lena.get(f"{name}?{query}")
            if answer.streaming:
                b"".join(answer.streaming_content)
        return len(queries)

    worker_answers()
    happen(cast, "Only")
    for number in range(60):
        happen(cast, f"Many {number}")
    assert cost("subject=only") == cost("subject=many") <= 14


def test_log_file_has_every_event_and_says_which_bytes_it_is(lena, cast):
    happen(cast, '雁阵, "quoted"\nand more')
    answer = lena.get("/activity.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="activity.csv"' in answer.headers["Content-Disposition"]
    rows = told(answer)
    logged = events().objects.in_workspace(cast.workspace.pk)
    assert len(rows) == logged.count()
    assert tuple(rows[0]) == COLUMNS
    newest = logged.newest_first().first()
    assert rows[0]["subject"] == '雁阵, "quoted"\nand more'
    assert (rows[0]["hash"], rows[0]["at_utc"]) == (newest.hash, "2026-03-02T09:00:00+00:00")
    assert list(verify(cast.workspace.pk)) == []


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_log_file_never_runs_in_a_spreadsheet(lena, cast, formula: str):
    happen(cast, formula, by=formula)
    row = told(lena.get("/activity.csv"))[0]
    assert row["subject"].startswith("'")
    assert row["actor"].startswith("'")
    assert row["sentence"][0] not in "=+-@\t\r"


def test_log_file_follows_the_filter(lena, cast):
    happen(cast, "One")
    happen(cast, "Two", by="Zhou")
    assert [row["subject"] for row in told(lena.get("/activity.csv?actor=zhou"))] == ["Two"]


def test_log_file_speaks_the_readers_language(lena, cast):
    change_workspace(cast.workspace, name="Neu", zone="UTC", seen=0, by=cast.admin, now=NOW)
    english = told(lena.get("/activity.csv"))[0]["sentence"]
    User.objects.filter(pk=cast.lena.user_id).update(language="zh-hans")
    chinese = told(lena.get("/activity.csv"))[0]["sentence"]
    assert english.isascii()
    assert not chinese.isascii()
