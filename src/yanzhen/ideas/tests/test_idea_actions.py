"""Ideas: who may do what, what is kept, and what is told."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from yanzhen.activity.feed import events
from yanzhen.ideas.actions.ideas import (
    IdeaMoved,
    NoAccount,
    Wish,
    add_idea,
    edit_idea,
    move_idea,
    set_vote,
    write_drafts,
)
from yanzhen.ideas.models import Idea
from yanzhen.ideas.states import IdeaState
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify.models import Notice
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.dated import DaysAsked, dated_days

WISH = Wish(title="Night trains")


@pytest.fixture
def idea(cast):
    return add_idea(wish=WISH, by=cast.admin, now=NOW)


def briefed(idea, cast):
    return move_idea(idea, move="brief", by=cast.zhou, now=NOW)


def told(idea):
    rows = events().objects.about("ideas.idea", str(idea.pk))
    return list(rows.order_by("pk").values_list("kind", flat=True))


def test_vote_counts_each_member_once(cast, idea):
    for _each in range(2):
        set_vote(idea, wanted=True, by=cast.lin, now=NOW)
    assert idea.votes.count() == 2
    for _each in range(2):
        set_vote(idea, wanted=False, by=cast.lin, now=NOW)
    assert idea.votes.count() == 1
    assert told(idea) == ["ideas.added", "ideas.voted", "ideas.unvoted"]
    with pytest.raises(Idea.DoesNotExist):
        set_vote(idea, wanted=True, by=cast.wu, now=NOW)


def test_edit_refuses_the_second_of_two_stale_pages(cast, idea):
    other = Idea.objects.get(pk=idea.pk)
    edit_idea(idea, wish=replace(WISH, note="Slow"), revision=1, by=cast.admin, now=NOW)
    with pytest.raises(IdeaMoved):
        edit_idea(other, wish=replace(WISH, note="Fast"), revision=1, by=cast.zhou, now=NOW)
    assert Idea.objects.get(pk=idea.pk).note == "Slow"


def test_owner_hears_of_the_brief(cast, idea):
    edit_idea(idea, wish=replace(WISH, owner=cast.maya), revision=1, by=cast.lin, now=NOW)
    assert [notice.kind for notice in Notice.objects.filter(member=cast.maya)] == ["ideas.owned"]
    edit_idea(idea, wish=replace(WISH, owner=cast.maya), revision=2, by=cast.lin, now=NOW)
    assert Notice.objects.filter(member=cast.maya).count() == 1


def test_change_is_for_who_had_it_and_who_writes(cast, idea):
    other = add_idea(wish=WISH, by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        move_idea(other, move="drop", by=cast.admin, now=NOW)
    with pytest.raises(NotAllowed):
        move_idea(other, move="drop", by=cast.wu, now=NOW)
    assert move_idea(idea, move="drop", by=cast.admin, now=NOW).state == IdeaState.DROPPED


@pytest.mark.parametrize("brief", [True, False], ids=["brief", "idea"])
@pytest.mark.parametrize("goal", ["Be calm", ""])
def test_what_was_dropped_comes_back_where_it_stood(cast, brief, goal):
    """Neither a goal makes a brief, nor does a brief need one."""
    idea = add_idea(wish=replace(WISH, goal=goal), by=cast.zhou, now=NOW)
    if brief:
        move_idea(idea, move="brief", by=cast.zhou, now=NOW)
    before = idea.state
    move_idea(idea, move="drop", by=cast.zhou, now=NOW)
    assert move_idea(idea, move="restore", by=cast.zhou, now=NOW).state == before
    assert Idea.objects.get(pk=idea.pk).state == before


def test_drafts_are_written_for_each_account_from_a_brief_alone(cast, account, idea):
    with pytest.raises(MoveRefused):
        write_drafts(idea, accounts=[account], by=cast.zhou, now=NOW)
    briefed(idea, cast)
    with pytest.raises(NoAccount):
        write_drafts(idea, accounts=[], by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        write_drafts(idea, accounts=[account], by=cast.admin, now=NOW)
    (post,) = write_drafts(idea, accounts=[account], by=cast.zhou, now=NOW)
    assert (post.title, post.author, post.state) == ("Night trains", cast.zhou, "draft")
    assert Idea.objects.get(pk=idea.pk).state == IdeaState.DRAFTED
    move_idea(idea, move="drop", by=cast.zhou, now=NOW)
    assert move_idea(idea, move="restore", by=cast.zhou, now=NOW).state == IdeaState.DRAFTED


def test_idea_of_an_embargoed_post_is_nowhere_for_others(cast, account, idea):
    edit_idea(
        idea, wish=replace(WISH, deadline_date=date(2026, 3, 12)), revision=1, by=cast.zhou, now=NOW
    )
    (post,) = write_drafts(briefed(idea, cast), accounts=[account], by=cast.zhou, now=NOW)

    def days(viewer):
        asked = DaysAsked(viewer=viewer, start=date(2026, 3, 9), end=date(2026, 3, 16))
        return {day: [each.title for each in found] for day, found in dated_days(asked).items()}

    assert days(cast.lin) == {date(2026, 3, 12): ["Night trains"]}
    lifts = datetime(2099, 3, 20, 9, 0)  # noqa: DTZ001 -- a wall time
    terms = Terms(wall=lifts, zone="Europe/Berlin", readers=[cast.lena])
    set_embargo(post, by=cast.zhou, terms=terms, now=NOW)
    assert Idea.objects.visible_to(cast.lena).exists()
    assert not Idea.objects.visible_to(cast.lin).exists()
    assert days(cast.lin) == {}
