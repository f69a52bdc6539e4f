"""The lists on Today: read from the data, hidden when wanted, gone when done."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.brand.actions.drafting import add_rule
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.tests.frame import rule
from yanzhen.channels.tests.accounts import make_account
from yanzhen.duty.actions.presets import office_turns
from yanzhen.onboarding.actions.progress import NoSuchStep, hide_list, show_list, tick_point
from yanzhen.onboarding.queries import first_list_for
from yanzhen.onboarding.tests.owner import fresh, make_owner
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.planning.actions.framing import set_theme
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import make_post

HEADING = "First steps"


def open_points(member) -> list[str]:
    found = first_list_for(fresh(member))
    return [line.point.slug for line in found.lines if not line.done] if found else []


def test_team_list_follows_the_data_and_goes_when_all_is_done(enter):
    owner = make_owner("team_lead", "brand_manager")
    site = enter(owner)
    assert open_points(owner) == ["people", "account", "words", "theme", "rota", "post"]
    assert HEADING in site.get("/").content.decode()
    join(owner.workspace, make_user("Bo"), "creator")
    account = make_account(owner.workspace)
    assert open_points(owner) == ["words", "theme", "rota", "post"]
    add_rule(rule("never", "A rule", "cheap"), by=owner, now=NOW)
    assert "words" in open_points(owner), "a draft counts for nothing yet"
    publish_framework(note="First", seen=1, by=owner, now=NOW)
    set_theme(month=NOW.date(), name="Light", by=owner, now=NOW)
    office_turns(
        [owner],
        name="Day",
        zone="Europe/Berlin",
        hours=("09:00", "17:00"),
        by=owner,
        now=NOW,
    )
    assert open_points(owner) == ["post"]
    post = make_post(account, owner)
    wall = datetime(2026, 3, 4, 10, 0)  # noqa: DTZ001 -- a wall time
    time_post(post, by=owner, wall=wall, zone="Europe/Berlin", now=NOW)
    Post.objects.filter(pk=post.pk).update(state=PostState.SCHEDULED)
    assert first_list_for(fresh(owner)) is None
    assert HEADING not in site.get("/").content.decode()


def test_hidden_list_is_hidden_for_all_owners_and_comes_back(enter, owner):
    second = join(owner.workspace, make_user("Cy"), "administrator")
    site = enter(owner)
    site.post(reverse("start-hide"))
    assert first_list_for(fresh(second)) is None
    assert HEADING not in site.get("/").content.decode()
    assert "Show it again" in site.get(reverse("start")).content.decode()
    site.post(reverse("start-show"))
    assert first_list_for(fresh(second)) is not None


def test_others_may_not_hide_it(owner):
    other = join(owner.workspace, make_user("Bo"), "creator")
    for act in (hide_list, show_list):
        with pytest.raises(NotAllowed):
            act(by=other, now=NOW)


def test_members_have_a_list_of_their_own(enter, cast):
    site = enter(cast.zhou)
    assert open_points(cast.zhou) == ["hours", "told", "passkey", "lead"]
    page = site.get("/").content.decode()
    assert "Your first steps" in page
    assert HEADING not in page
    site.post(reverse("start-tick", args=["lead"]))
    assert open_points(cast.zhou) == ["hours", "told", "passkey"]
    assert open_points(cast.lin) == ["hours", "told", "passkey", "lead"]
    site.post(reverse("start-untick", args=["lead"]))
    site.post(reverse("start-tick", args=["all"]))
    assert first_list_for(fresh(cast.zhou)) is None
    assert site.post(reverse("start-tick", args=["tea"])).status_code == 404


def test_own_list_reads_the_profile(cast):
    cast.zhou.user.city = "Shanghai"
    cast.zhou.user.save(update_fields=["city"])
    assert "hours" not in open_points(cast.zhou)
    with pytest.raises(NoSuchStep):
        tick_point("tea", by=cast.zhou, now=NOW)


@pytest.mark.parametrize("who", ["admin", "zhou"])
def test_list_costs_one_query(cast, who):
    member = fresh(getattr(cast, who))
    _ = member.user, member.may_somewhere("post.write")
    with CaptureQueriesContext(connection) as asked:
        assert first_list_for(member) is not None
    assert len(asked) == 1
