"""Approving several posts at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.brand.actions.overriding import override_rule
from yanzhen.brand.findings import Manuscript
from yanzhen.brand.queries import live_rulebook
from yanzhen.brand.rules import Severity
from yanzhen.brand.tests.frame import publish, rule
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.content import Terms
from yanzhen.planning.models import Draft, Post
from yanzhen.review.actions.rounds import return_step, submit_post, withdraw_round
from yanzhen.review.models import Verdict
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step


@pytest.fixture
def enter(client):
    def sign_in(member):
        client.force_login(member.user)
        return client

    return sign_in


def asked(client, posts, **sent):
    return client.post(
        reverse("posts-bulk"), {"what": "approve", "post": [post.pk for post in posts], **sent}
    )


def seen_of(answer):
    return {f"seen-{each.post.pk}": each.seen for each in answer.context["able"]}


def reviewed(account, author, text="Geese take turns."):
    return submitted(account, author, text).post


def test_approve_passes_each_step_that_waits_for_the_member(enter, cast, account):
    posts = [reviewed(account, cast.zhou, text) for text in ("One goose.", "Two geese.")]
    client = enter(cast.lin)
    looked = asked(client, posts)
    assert not Verdict.objects.filter(member=cast.lin).exists()
    page = looked.content.decode()
    assert "One goose." in page
    assert "Passing sends it on to:" in page
    assert asked(client, posts, **seen_of(looked), sure="yes").status_code == 302
    assert Verdict.objects.filter(member=cast.lin, kind="pass").count() == 2
    assert {post.rounds.get().state for post in posts} == {"open"}


def test_approve_leaves_out_what_the_member_does_not_decide(enter, cast, account):
    draft = make_post(account, cast.zhou)
    own = reviewed(account, cast.lin, "Written by the lead.")
    answered = create_post(
        account=account,
        by=cast.zhou,
        texts=["Indeed"],
        terms=Terms(reply_settings="following"),
        now=NOW,
    )
    submit_post(answered, by=cast.zhou, ticks=all_ticked(answered), now=NOW)
    answer = asked(enter(cast.lin), [draft, own, answered])
    assert [each.why_not for each in answer.context["unable"]] == [
        "It is not in review: its author signs the self-check first. Open it.",
        "You wrote in it, so somebody else decides.",
        "There is more to it than text. Open it to decide.",
    ]
    waits = asked(enter(cast.lena), [own])
    assert [each.why_not for each in waits.context["unable"]] == ["It waits for: Team lead."]
    assert asked(enter(cast.zhou), [own], sure="yes").status_code == 403


def test_approve_leaves_a_text_that_is_not_the_one_that_was_read(enter, cast, account):
    post = reviewed(account, cast.zhou)
    client = enter(cast.lin)
    seen = seen_of(asked(client, [post]))
    round_ = post.rounds.get()
    withdraw_round(round_, by=cast.zhou, now=NOW)
    again = Post.objects.get(pk=post.pk)
    submit_post(again, by=cast.zhou, ticks=all_ticked(again), now=NOW)
    answer = asked(client, [post], **seen, sure="yes")
    assert [each.post for each in answer.context["outcome"].stayed] == [post]
    assert waiting_step(again.rounds.latest("number")).verdicts.count() == 0


def test_approve_asks_as_much_for_three_as_for_one(enter, cast, account):
    posts = [reviewed(account, cast.zhou, f"Goose number {each} flies.") for each in "abc"]
    client = enter(cast.lin)

    def count(rows):
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(client, rows).context["able"]) == len(rows)
        return len(queries)

    count(posts)
    assert count(posts) == count(posts[:1])


def test_approve_shows_brand_warnings_and_leaves_brand_errors_to_be_opened(enter, cast, account):
    posts = [reviewed(account, cast.zhou, text) for text in ("Utilize it.", "Unique.", "Fine.")]
    publish(
        cast.lena,
        rule("never", "Show it", "unique"),
        rule("never", "Plainly", "utilize", severity=Severity.WARNING),
    )
    client = enter(cast.lin)
    with CaptureQueriesContext(connection) as one:
        asked(client, posts[:1])
    with CaptureQueriesContext(connection) as three:
        looked = asked(client, posts)
    # Only a rule that bars asks who let it stand.
    assert len(three) <= len(one) + 1
    able = {each.post: list(each.warnings) for each in looked.context["able"]}
    assert able == {posts[0]: ["“Utilize”: the brand never says this"], posts[2]: []}
    assert "“Utilize”: the brand never says this" in looked.content.decode()
    (unable,) = looked.context["unable"]
    assert unable.post == posts[1]
    assert unable.why_not == "“Unique”: the brand never says this. Open it to decide."
    assert unable.url.startswith("/review/")


def sent_again(post, by, *texts):
    """Send it to review once more, with new words where there are any."""
    again = Post.objects.get(pk=post.pk)
    if texts:
        revision = Draft.objects.get(post=post).revision
        save_draft(again, by=by, texts=texts, revision=revision, now=NOW)
    return submit_post(again, by=by, ticks=all_ticked(again), now=NOW)


def test_approve_leaves_what_came_back_to_review_to_be_opened(enter, cast, account):
    returned, changed, same = (reviewed(account, cast.zhou, f"{each} geese.") for each in "abc")
    client = enter(cast.lin)
    first = waiting_step(returned.rounds.get())
    return_step(first, by=cast.lin, reason="tone", comment="Calmer", now=NOW)
    sent_again(returned, cast.zhou, "Calm geese.")
    for post in (changed, same):
        withdraw_round(post.rounds.get(), by=cast.zhou, now=NOW)
    sent_again(changed, cast.zhou, "Other geese.")
    sent_again(same, cast.zhou)
    asked(client, [same])
    with CaptureQueriesContext(connection) as one:
        asked(client, [same])
    with CaptureQueriesContext(connection) as three:
        answer = asked(client, [returned, changed, same])
    assert len(three) == len(one)
    assert [each.post for each in answer.context["able"]] == [same]
    assert [each.why_not for each in answer.context["unable"]] == [
        "It was returned before. Open it to see why and what has changed.",
        "It has changed since it was in review before. Open it to see how.",
    ]


def test_approve_says_who_let_an_error_stand_and_why(enter, cast, account):
    publish(cast.lena, rule("never", "Show it", "unique"))
    post = make_post(account, cast.zhou, "Unique.")
    override_rule(
        live_rulebook(cast.workspace.pk).rules[0],
        subject=post.ref,
        digest=Manuscript(["Unique."]).digest(post.ref),
        reason="The lawyer agreed.",
        by=cast.lin,
        now=NOW,
    )
    submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    said = "“Unique”: the brand never says this. Lin let it stand: The lawyer agreed."
    assert said in asked(enter(cast.lin), [post]).content.decode()
