from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.people.models import Member
from yanzhen.people.queries import at_work, decision_rows
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.tests.cast import join, make_user


def rows_by_decision(cast):
    members = list(Member.objects.visible_to(cast.zhou).active().with_roles())
    roles = list(cast.workspace.roles.in_order())
    return {row.decision: row for row in decision_rows(roles, members)}


def test_decision_rows_cover_every_decision_and_role(cast):
    rows = rows_by_decision(cast)
    assert list(rows) == list(DUTIES)
    assert all(len(row.cells) == cast.workspace.roles.count() for row in rows.values())


def test_decision_rows_show_a_gap_only_when_nobody_active_decides(cast):
    assert not rows_by_decision(cast)[Decision.MEMBER_ROLES].gap
    Member.objects.filter(pk=cast.admin.pk).update(active=False, left_at=cast.admin.joined_at)
    row = rows_by_decision(cast)[Decision.MEMBER_ROLES]
    assert (row.gap, row.holders) == (True, 0)


def test_decision_rows_show_an_overlap_where_one_should_decide(cast):
    rows = rows_by_decision(cast)
    assert rows[Decision.PLAN_THEME].overlap == 3
    assert rows[Decision.POST_HOLD].overlap == 0
    Member.objects.filter(pk__in=[cast.lin.pk, cast.lena.pk]).update(
        active=False, left_at=cast.lin.joined_at
    )
    assert rows_by_decision(cast)[Decision.PLAN_THEME].overlap == 0


@pytest.mark.parametrize(
    ("hour", "day", "working"),
    [(9, 2, True), (17, 2, True), (18, 2, False), (8, 2, False), (12, 1, False)],
)
def test_at_work_knows_hours_and_days(cast, hour, day, working):
    # Wu works 9 to 18 UTC, Monday to Friday; 2 March 2026 is a Monday.
    member = Member.objects.with_roles().get(pk=cast.wu.pk)
    assert at_work(member, now=datetime(2026, 3, day, hour, tzinfo=UTC)) is working


@pytest.mark.parametrize(
    ("hour", "day", "working"),
    [(23, 6, True), (3, 7, True), (7, 7, False), (23, 7, False), (3, 2, False)],
)
def test_at_work_counts_a_night_shift_to_the_day_it_began(cast, hour, day, working):
    cast.wu.user.day_start = cast.wu.user.day_start.replace(hour=22)
    cast.wu.user.day_end = cast.wu.user.day_end.replace(hour=6)
    assert at_work(cast.wu, now=datetime(2026, 3, day, hour, tzinfo=UTC)) is working


def count_queries(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("path", ["/team/", "/team/roles/"])
def test_team_pages_ask_the_same_for_more_members(cast, sign_in, path):
    client = sign_in(cast.admin)
    before = count_queries(client, path)
    for name in ("Ida", "Ole", "Kim"):
        join(cast.workspace, make_user(name), "creator", "analyst")
    assert count_queries(client, path) == before


def test_team_page_shows_members_matrix_and_roles_to_everyone(cast, sign_in):
    text = sign_in(cast.zhou).get("/team/").text
    for words in ("Lena", "Write posts and edit drafts", "roles decide", "Community manager"):
        assert words in text
    # By their pages, not by name: a random token in the page may well spell two letters.
    assert f"/team/{cast.lena.pk}/" in text
    assert f"/team/{cast.wu.pk}/" not in text
    assert "/team/invite/" not in text


def test_member_page_shows_duties_and_history_and_hides_forms(cast, sign_in):
    text = sign_in(cast.zhou).get(f"/team/{cast.lin.pk}/").text
    assert "Pass or return posts written by others." in text
    assert "Lin joined the workspace" in text
    assert "Save roles" not in text
    assert "Remove from the team" not in text


def test_member_page_of_another_workspace_is_404(cast, sign_in):
    assert sign_in(cast.zhou).get(f"/team/{cast.wu.pk}/").status_code == 404
    assert sign_in(cast.zhou).get("/team/999999/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/team/",
        "/team/roles/",
        "/team/invite/",
        "/me/",
        "/me/password/",
        "/me/sessions/",
        "/workspace/",
        "/workspaces/",
    ],
)
def test_pages_speak_chinese(cast, sign_in, path):
    cast.admin.user.language = "zh-hans"
    cast.admin.user.save()
    answer = sign_in(cast.admin).get(path)
    assert answer.status_code == 200
    assert 'lang="zh-Hans"' in answer.text


@pytest.mark.parametrize("path", ["/team/", "/me/", "/workspaces/", "/workspace/", "/team/roles/"])
def test_pages_send_strangers_to_sign_in(cast, client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/sign-in/?next={path}"
