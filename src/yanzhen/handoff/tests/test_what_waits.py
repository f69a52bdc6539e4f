"""What waits in the other rooms stands in the log of a shift, by what its reader may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.handoff.facts import facts_for
from yanzhen.handoff.tests.shifts import HOUR, accepted, again, sent
from yanzhen.kernel.clock import set_to
from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState, Way
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.review.models import RoundStep
from yanzhen.review.tests.rounds import pass_all, submitted
from yanzhen.tasks.tests.board import make_task, on

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=4)
ELEVEN = on("2026-03-02", "11:00")


def in_review(account, cast):
    """A round of words nobody has sent before."""
    return submitted(account, cast.zhou, f"Goose number {Post.objects.count()} takes the lead.")


def held(account, cast) -> Post:
    """A post that is passed, has a time, and waits for a person."""
    post = pass_all(in_review(account, cast), cast.lin, cast.lena)
    wall = HOUR.replace(hour=15, tzinfo=None)
    time_post(post, by=cast.zhou, wall=wall, zone="UTC", now=NOW)
    return hold_post(Post.objects.get(pk=post.pk), by=cast.lin, reason="The offer", now=NOW)


def told(handover, reader) -> dict[str, tuple[int, object]]:
    found = facts_for(handover, again(reader), now=LATER).accounts[0].backlogs
    return {each.name: (each.count, each.oldest_at) for each in found}


def test_log_says_what_waits_for_an_account_and_since_when(enter, cast):
    account = make_account(cast.workspace)
    held(account, cast)
    step = RoundStep.objects.waiting().get(round=in_review(account, cast))
    late = make_task(cast.zhou, due=ELEVEN, post=held(account, cast))
    handover = sent(cast)
    assert told(handover, cast.zhou) == {
        "Posts that need a decision": (2, NOW),
        "Reviews past their time": (1, step.due_at),
        "Tasks past their time": (1, late.due_at),
    }
    page = enter(cast.zhou).get(reverse("handoff", args=[handover.pk])).text
    assert f'href="{reverse("failures")}?account={account.pk}"' in page
    terms = Terms(HOUR.replace(hour=9, tzinfo=None) + timedelta(days=9), "UTC", [cast.lin])
    hidden = Post.objects.get(pk=late.links.get().post_id)
    set_embargo(hidden, terms=terms, by=again(cast.maya), now=NOW)
    assert told(handover, cast.lena)["Posts that need a decision"] == (1, NOW)
    assert "Tasks past their time" not in told(handover, cast.lena)


def test_log_says_what_waits_for_no_account_until_the_lead_has_moved(enter, cast):
    make_task(cast.zhou, due=ELEVEN)
    Letter.objects.create(
        workspace=cast.workspace,
        way=Way.MAIL,
        member=cast.maya,
        event=1,
        state=LetterState.DEAD,
        due_at=NOW,
        owed_at=NOW,
        settled_at=NOW,
    )
    handover = sent(cast)

    def titles(reader):
        found = facts_for(handover, again(reader), now=LATER).open
        return [each.title for each in found]

    task = "1 task about no post is past its time"
    assert titles(cast.lin) == ["1 message was not delivered", task]
    assert titles(cast.zhou) == [task]
    with set_to(LATER):
        assert task in enter(cast.zhou).get(reverse("handoff-text", args=[handover.pk])).text
    accepted(handover, cast.zhou)
    handover.refresh_from_db()
    assert titles(cast.lin) == []


def test_log_asks_as_much_for_three_that_wait_as_for_one(cast):
    account, handover = make_account(cast.workspace), sent(cast)
    reader, counts = again(cast.lin), []
    for more in (1, 2):
        for _each in range(more):
            held(account, cast)
            in_review(account, cast)
            make_task(cast.zhou, due=ELEVEN, post=held(account, cast))
        with CaptureQueriesContext(connection) as asked:
            facts_for(handover, reader, now=LATER)
        counts.append(len(asked))
    assert counts[0] == counts[1]
