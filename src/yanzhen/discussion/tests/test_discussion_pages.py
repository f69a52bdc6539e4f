"""The panel of discussions: as a piece of the post's page, and as a page of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.discussion.actions.talking import answer_thread, remove_comment
from yanzhen.discussion.models import Comment, Thread
from yanzhen.discussion.tests.talk import fresh, said
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import cut_version, save_draft
from yanzhen.planning.tests.plan import make_post

pytestmark = pytest.mark.django_db
PIECE = {"headers": {"HX-Request": "true", "HX-Target": "discussion"}}


def panel(client, post, show=""):
    return client.get(reverse("post-discussion", args=[post.pk]), {"show": show}, **PIECE)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_comment_without_scripts_finds_its_passage_and_comes_back_to_it(account, cast, enter):
    post = make_post(account, cast.zhou, "Geese take turns.", "They rest.")
    client = enter(cast.lin)
    sent = {"body": "Which? See example.com/a @Zhou", "quote": "They  rest", "segment": ""}
    answer = client.post(reverse("discussion-new", args=[post.pk]), sent, follow=True)
    thread = Thread.objects.get()
    assert answer.redirect_chain[0][0].endswith(f"/discussion/#thread-{thread.pk}")
    page = text_of(answer)
    assert "In post 2 of 2" in page
    assert 'href="https://example.com/a"' in page
    assert "<b>@Zhou</b>" in page
    # On the page of the post itself the panel fetches itself.
    whole = client.get(reverse("post", args=[post.pk])).content.decode()
    assert f'hx-get="{reverse("post-discussion", args=[post.pk])}"' in whole


def test_words_of_a_comment_are_never_markup(post, cast, enter):
    said(post, cast.lin, "<img src=x> javascript:alert(1) x.com/<img> @Zhou <img src=y>")
    page = panel(enter(cast.zhou), post).content.decode()
    assert "<img" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"body": " "}, "Write something first"),
        ({"body": "x" * 4001}, "4,000 characters at most"),
        ({"body": "Which?", "quote": "Cranes"}, "That passage is not in the text"),
        ({"body": "Which?", "segment": "x"}, "Choose one of the posts"),
    ],
)
def test_refused_comment_says_why_and_keeps_the_words(post, cast, enter, sent, why):
    client = enter(cast.lin)
    answer = client.post(reverse("discussion-new", args=[post.pk]), sent, **PIECE)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert sent["body"].strip() in answer.content.decode()
    assert not Comment.objects.exists()


def test_open_and_resolved_are_told_apart_with_who_and_when(post, cast, enter):
    thread = said(post, cast.lin, "Shorter?").thread
    said(post, cast.lin, "Louder?")
    client = enter(cast.zhou)
    answer = client.post(reverse("discussion-resolve", args=[thread.pk]), **PIECE)
    undo = reverse("discussion-reopen", args=[thread.pk])
    assert undo in answer["HX-Trigger"]
    assert "Shorter?" not in text_of(answer)
    assert "Louder?" in text_of(answer)
    resolved = text_of(panel(client, post, "resolved"))
    assert "Shorter?" in resolved
    assert "Resolved by Zhou" in resolved
    back = client.post(undo, headers={"HX-Request": "true"})
    assert "activity:discussion" in back["HX-Trigger"]
    again = client.post(undo, **PIECE)
    assert again.status_code == 409
    assert "Somebody opened this again meanwhile" in text_of(again)
    assert "Opened again by Zhou" in text_of(panel(client, post))
    assert panel(client, post, "everything").status_code == 200


def test_changed_passage_is_quoted_and_leads_to_what_changed(post, cast, enter):
    cut_version(post, by=cast.zhou, now=NOW)
    said(post, cast.lin, quote="Geese take turns")
    save_draft(post, by=cast.zhou, texts=["Cranes fly."], revision=1, now=NOW)
    page = text_of(panel(enter(cast.zhou), post))
    assert "Geese take turns" in page
    assert "The passage has changed since." in page
    assert f"{reverse('post-compare', args=[post.pk])}?a=1&amp;b=draft" in page


def test_own_comment_is_changed_removed_and_brought_back(post, cast, enter):
    comment = said(post, cast.lin, "Shorter?")
    answer_thread(comment.thread, by=cast.zhou, body="No.", now=NOW)
    client = enter(cast.lin)
    change = reverse("comment-change", args=[comment.pk])
    assert "Shorter!" in text_of(client.post(change, {"body": "Shorter!"}, **PIECE))
    with set_to(NOW + timedelta(minutes=16)):
        late = client.post(change, {"body": "Longer"}, **PIECE)
        assert change not in text_of(panel(client, post))
    assert late.status_code == 409
    assert "can be changed for 15 minutes" in text_of(late)
    gone = client.post(reverse("comment-remove", args=[comment.pk]), **PIECE)
    assert "Removed by its author." in text_of(gone)
    assert "Shorter!" not in text_of(gone)
    back = client.post(reverse("comment-restore", args=[comment.pk]), **PIECE)
    assert "Shorter!" in text_of(back)
    assert enter(cast.zhou).post(change, {"body": "Mine"}).status_code == 404


def test_posts_list_counts_open_discussions(account, post, cast, enter):
    other = make_post(account, cast.zhou, title="Quiet")
    said(post, cast.lin)
    gone = said(other, cast.lin)
    remove_comment(gone, by=cast.lin, now=NOW)
    page = text_of(enter(cast.zhou).get(reverse("posts")))
    assert page.count("1 open discussion") == 1


def test_three_discussions_cost_as_many_queries_as_one(post, cast, enter):
    client = enter(cast.zhou)
    said(post, cast.lin, "@Zhou first")
    panel(client, post)
    with CaptureQueriesContext(connection) as one:
        panel(client, post)
    for member in (cast.maya, cast.lena):
        answer_thread(said(post, member).thread, by=cast.zhou, body="@Lena yes", now=NOW)
    with CaptureQueriesContext(connection) as three:
        panel(client, post)
    assert len(three) == len(one)


def test_resolved_discussion_can_be_answered_where_it_is(post, cast, enter):
    thread = said(post, cast.lin).thread
    client = enter(cast.zhou)
    client.post(reverse("discussion-resolve", args=[thread.pk]))
    answer = client.post(
        reverse("discussion-answer", args=[thread.pk]), {"body": "Done in the second post."}
    )
    assert "show=resolved" in answer["Location"]
    assert fresh(thread).comments.count() == 2
