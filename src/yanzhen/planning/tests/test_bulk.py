"""Many posts at once: what is foreseen, what is done, and the way back."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.framing import add_campaign
from yanzhen.planning.actions.timing import untime_post
from yanzhen.planning.models import BulkRun, Post
from yanzhen.planning.tests.plan import copy_of, in_review, kinds_about, make_post, timed

SHIFT = {"what": "move", "way": "shift", "days": "1", "hours": "2"}


def asked(client, posts, **sent):
    """Send the form without a yes."""
    return client.post(reverse("posts-bulk"), {"post": [post.pk for post in posts], **sent})


def sure(client, posts, **sent):
    """Look at what would change, then say yes to it."""
    looked = asked(client, posts, **sent)
    assert looked.status_code == 200
    seen = {f"seen-{each.post.pk}": each.seen for each in looked.context["able"]}
    answers = looked.context["answers"]
    return asked(client, posts, **sent, **seen, answers=answers, sure="yes")


def undo(client):
    return client.post(reverse("posts-undo", args=[BulkRun.objects.latest("pk").pk]))


def test_move_says_what_would_change_and_changes_nothing(enter, cast, account):
    with_time = timed(make_post(account, cast.zhou, title="One"), cast.zhou)
    without = make_post(account, cast.zhou, title="Two")
    answer = asked(enter(cast.zhou), [with_time, without], **SHIFT)
    able, unable = answer.context["able"], answer.context["unable"]
    assert [each.post for each in able] == [with_time]
    assert able[0].will == "Tue 10 March 10:00 → Wed 11 March 12:00, Berlin"
    assert [each.why_not for each in unable] == [
        "It has no time to shift. Put it on a day instead."
    ]
    assert copy_of(with_time).due_wall == "2026-03-10T10:00"


def test_move_shifts_in_the_posts_zone_and_goes_back(enter, cast, account):
    """Clocks in Berlin go forward on 29 March: the wall time stays what was said."""
    post = timed(make_post(account, cast.zhou), cast.zhou, datetime(2026, 3, 28, 10, 0))  # noqa: DTZ001 -- a wall time
    client = enter(cast.zhou)
    answer = sure(client, [post], what="move", way="shift", days="1")
    assert answer.status_code == 302
    assert copy_of(post).due_wall == "2026-03-29T10:00"
    undo(client)
    assert copy_of(post).due_wall == "2026-03-28T10:00"
    assert kinds_about(post).count("planning.post_timed") == 3
    undo(client)
    assert copy_of(post).due_wall == "2026-03-28T10:00"


def test_move_puts_posts_on_a_day_each_at_its_hour(enter, cast, account):
    early, never = timed(make_post(account, cast.zhou), cast.zhou), make_post(account, cast.zhou)
    client = enter(cast.zhou)
    sure(client, [early, never], what="move", way="day", day="2026-04-01")
    assert copy_of(early).due_wall == "2026-04-01T10:00"
    assert copy_of(never).due_wall == "2026-04-01T10:00"
    undo(client)
    assert copy_of(never).due_at is None


@pytest.mark.parametrize(
    "case",
    [
        ("2026-03-28T02:30", 1, "The clocks skip 02:30"),
        ("2026-10-24T02:30", 1, "02:30 happens twice"),
        ("2026-03-10T10:00", -30, "That time has passed."),
    ],
)
def test_move_lists_times_that_cannot_be_had(enter, cast, account, case):
    wall, days, why = case
    post = timed(make_post(account, cast.zhou), cast.zhou, datetime.fromisoformat(wall))
    answer = asked(enter(cast.zhou), [post], what="move", way="shift", days=days)
    assert answer.context["able"] == []
    assert answer.context["unable"][0].why_not.startswith(why)


def test_move_leaves_what_somebody_moved_meanwhile(enter, cast, account):
    first, second = (timed(make_post(account, cast.zhou), cast.zhou) for _each in range(2))
    client = enter(cast.zhou)
    looked = asked(client, [first, second], **SHIFT)
    seen = {f"seen-{each.post.pk}": each.seen for each in looked.context["able"]}
    untime_post(copy_of(first), by=cast.lin, now=NOW)
    timed(copy_of(first), cast.lin, datetime(2026, 5, 1, 9, 0))  # noqa: DTZ001 -- a wall time
    answers = looked.context["answers"]
    answer = asked(client, [first, second], **SHIFT, **seen, answers=answers, sure="yes")
    outcome = answer.context["outcome"]
    assert [each.post for each in outcome.done] == [second]
    assert [each.post for each in outcome.stayed] == [first]
    assert "Somebody changed it meanwhile" in answer.content.decode()
    assert copy_of(first).due_wall == "2026-05-01T09:00"


def test_a_yes_to_other_answers_than_were_shown_asks_again(enter, cast, account):
    """The fields stay open beside the button: two hundred days are not what one day looked like."""
    post = timed(make_post(account, cast.zhou), cast.zhou)
    client = enter(cast.zhou)
    looked = asked(client, [post], **SHIFT)
    seen = {f"seen-{post.pk}": looked.context["able"][0].seen}
    sent = {**SHIFT, **seen, "answers": looked.context["answers"], "sure": "yes"}
    answer = asked(client, [post], **sent | {"days": "200"})
    assert copy_of(post).due_wall == "2026-03-10T10:00"
    assert "Your answers have changed since" in answer.content.decode()
    assert [each.will for each in answer.context["able"]] == [
        "Tue 10 March 10:00 → Sat 26 September 12:00, Berlin"
    ]
    assert asked(client, [post], **sent).status_code == 302
    assert copy_of(post).due_wall == "2026-03-11T12:00"


@pytest.mark.parametrize(
    "sent",
    [
        {"way": "shift"},
        {"way": "day"},
        {"way": "sideways", "days": "1"},
        {"way": "shift", "days": "9" * 30},
        {"way": "day", "day": "2026-02-30"},
    ],
)
def test_move_asks_again_for_what_is_missing(enter, cast, account, sent):
    post = timed(make_post(account, cast.zhou), cast.zhou)
    assert asked(enter(cast.zhou), [post], what="move", sure="yes", **sent).status_code == 422
    assert copy_of(post).due_wall == "2026-03-10T10:00"


def test_campaign_is_set_and_goes_back_but_for_what_changed_since(enter, cast, account):
    june = add_campaign(name="Travel light", code="june", by=cast.lin, now=NOW)
    repair = add_campaign(name="Repair day", code="repair", by=cast.lin, now=NOW)
    posts = [make_post(account, cast.zhou) for _each in range(2)]
    client = enter(cast.zhou)
    sure(client, posts, what="campaign", campaign=june.pk)
    assert {copy_of(post).campaign for post in posts} == {june}
    Post.objects.filter(pk=posts[0].pk).update(campaign=repair)
    undo(client)
    assert BulkRun.objects.get().undone_at == NOW
    assert [copy_of(post).campaign for post in posts] == [repair, None]


def test_drop_leaves_what_is_in_review(enter, cast, account):
    draft, reviewed = (
        make_post(account, cast.zhou),
        in_review(make_post(account, cast.zhou), cast.zhou),
    )
    answer = sure(enter(cast.lin), [draft, reviewed], what="drop")
    assert [each.why_not for each in answer.context["outcome"].stayed] == [
        "It is in review. Take it back first."
    ]
    assert copy_of(draft).state == "dropped"
    assert copy_of(reviewed).state == "review"
    assert not BulkRun.objects.exists()


def test_bulk_never_shows_what_is_under_embargo_or_of_others(enter, cast, account):
    secret = make_post(account, cast.zhou, title="Aurora")
    lifts = datetime(2026, 3, 20, 9, 0)  # noqa: DTZ001 -- a wall time
    terms = Terms(wall=lifts, zone="Europe/Berlin", readers=[cast.maya])
    set_embargo(secret, by=cast.zhou, terms=terms, now=NOW)
    plain = make_post(account, cast.zhou)
    page = asked(enter(cast.lin), [plain, secret], what="drop")
    assert "Aurora" not in page.content.decode()
    assert page.context["missing"] == 1
    answer = asked(enter(cast.wu), [plain], what="drop", sure="yes")
    assert answer.status_code == 302
    assert copy_of(plain).state == "draft"


def test_bulk_asks_as_much_for_three_as_for_one(enter, cast, account):
    posts = [timed(make_post(account, cast.zhou), cast.zhou) for _each in range(3)]
    client = enter(cast.zhou)

    def count(rows):
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(client, rows, **SHIFT).context["able"]) == len(rows)
        return len(queries)

    count(posts)
    assert count(posts) == count(posts[:1])


def test_bulk_undo_is_the_members_own(enter, cast, account):
    post = timed(make_post(account, cast.zhou), cast.zhou)
    sure(enter(cast.zhou), [post], **SHIFT)
    run = BulkRun.objects.get()
    assert enter(cast.lin).post(reverse("posts-undo", args=[run.pk])).status_code == 404
    assert copy_of(post).due_at.date() == date(2026, 3, 11)
