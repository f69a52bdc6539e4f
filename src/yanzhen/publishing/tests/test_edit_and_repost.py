"""Edits within X's window and reposts from another account: through review, once, told apart."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.models import Account
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.editing import CannotEdit, edit_on_x, repost_from
from yanzhen.publishing.actions.removing import remove_from_x
from yanzhen.publishing.engine.editing import MOST_EDITS, history_of
from yanzhen.publishing.engine.remove import remove
from yanzhen.publishing.models import Delivery, Removal
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason, RemovalState
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.tests.rounds import all_ticked, waiting_step

REPOSTING = {"method": "POST", "route": "/2/users/:id/retweets"}


def out(desk, *texts, **more):
    """A published post; its first delivery."""
    delivery = desk.due(*texts, **more)
    desk.turn()
    found = Delivery.objects.select_related("account", "post").get(pk=delivery.pk)
    assert found.state == S.PUBLISHED
    return found


def pass_now(desk, post):
    """Bring a post through review and let it go out this minute; its delivery."""
    round_ = submit_post(post, by=desk.cast.zhou, ticks=all_ticked(post), now=desk.now)
    for member in (desk.cast.lin, desk.cast.lena):
        pass_step(waiting_step(round_), by=member, now=desk.now)
    desk.timed(Post.objects.get(pk=post.pk))
    return Delivery.objects.select_related("account", "post").get(post=post)


def edit(desk, delivery, text):
    """Write an edit of what is out."""
    post = edit_on_x(delivery, by=desk.cast.zhou, now=desk.now)
    save_draft(post, by=desk.cast.zhou, texts=[text], revision=1, now=desk.now)
    return post


def shown(desk, handle="Ferrow"):
    """What X's own timeline shows of an account."""
    account = Account.objects.get(handle=handle)
    from yanzhen.channels.actions import open_session  # noqa: PLC0415 -- only here

    session = open_session(account, now=clock.database_now())
    return list(session.own_posts(account.remote_id, since_id="", limit=20))


def test_edit_replaces_the_words_on_x_and_the_original_says_so(desk, as_member):
    delivery = out(desk, "Nine hours, no landig")
    post = edit(desk, delivery, "Nine hours, no landing")
    assert (post.kind, post.target_id, post.source) == ("edit", delivery.remote_id, delivery.post)
    edited = pass_now(desk, post)
    desk.turn()
    edited.refresh_from_db()
    assert edited.state == S.PUBLISHED
    assert edited.remote_id != delivery.remote_id
    assert [p.text for p in shown(desk)] == ["Nine hours, no landing"]
    assert history_of(delivery).newest == edited == history_of(edited).newest
    client = as_member(desk.cast.zhou)
    pane = client.get(reverse("post-delivery", args=[delivery.post_id])).content.decode()
    assert "Nine hours, no landing" in pane
    assert reverse("post", args=[edited.post_id]) in pane
    about = client.get(reverse("post-delivery", args=[edited.post_id])).content.decode()
    assert "Edits a post that is out" in about
    assert "Nine hours, no landig" in about


def test_edit_that_got_no_clear_answer_is_found_by_looking(desk):
    delivery = out(desk, "First words")
    edited = pass_now(desk, edit(desk, delivery, "Second words"))
    desk.sim.fault("accept_then_503", match=POSTING)
    desk.settle()
    edited.refresh_from_db()
    assert (edited.state, desk.creates()) == (S.PUBLISHED, 2)
    assert [p.text for p in shown(desk)] == ["Second words"]


def test_edit_of_an_edit_goes_on_from_what_x_shows(desk):
    delivery = out(desk, "One")
    pass_now(desk, edit(desk, delivery, "Two"))
    desk.turn()
    again = edit_on_x(delivery, by=desk.cast.zhou, now=desk.now)
    assert Draft.objects.get(post=again).texts == ["Two"]
    save_draft(again, by=desk.cast.zhou, texts=["Three"], revision=1, now=desk.now)
    pass_now(desk, again)
    desk.turn()
    assert [p.text for p in shown(desk)] == ["Three"]
    assert len(history_of(delivery).edits) == 2


def test_edit_of_a_thread_segment_keeps_its_place(desk):
    first = out(desk, "one", "two", "three")
    middle = Delivery.objects.select_related("account", "post").get(post=first.post, position=1)
    edited = pass_now(desk, edit(desk, middle, "two and a half"))
    desk.turn()
    edited.refresh_from_db()
    assert edited.state == S.PUBLISHED
    by_text = {p.text: p for p in shown(desk)}
    assert by_text["two and a half"].reply_to_id == first.remote_id


def test_edit_is_refused_after_the_hour_without_premium_and_after_five(desk):
    delivery = out(desk)
    desk.account.premium = False
    desk.account.save()
    with pytest.raises(CannotEdit) as plain:
        edit_on_x(Delivery.objects.get(pk=delivery.pk), by=desk.cast.zhou, now=desk.now)
    assert plain.value.reason == HoldReason.WINDOW
    desk.account.premium = True
    desk.account.save()
    desk.wait(3601)
    with pytest.raises(CannotEdit):
        edit_on_x(Delivery.objects.get(pk=delivery.pk), by=desk.cast.zhou, now=desk.now)
    fresh = out(desk, "Number 0")
    for n in range(MOST_EDITS):
        pass_now(desk, edit(desk, fresh, f"Number {n + 1}"))
        desk.turn()
    assert shown(desk)[0].text == "Number 5"
    with pytest.raises(CannotEdit):
        edit_on_x(fresh, by=desk.cast.zhou, now=desk.now)


def test_edit_that_comes_out_of_review_too_late_is_held(desk):
    delivery = out(desk)
    edited = pass_now(desk, edit(desk, delivery, "Too late"))
    original = Delivery.objects.get(pk=delivery.pk)
    desk.wait(600)
    Delivery.objects.filter(pk=original.pk).update(published_at=desk.now - desk.clock.ahead * 7)
    desk.turn()
    edited.refresh_from_db()
    assert (edited.state, edited.hold_reason) == (S.HELD, HoldReason.WINDOW)
    assert desk.creates() == 1


def test_edit_of_an_older_state_is_held(desk):
    delivery = out(desk, "One")
    late = edit(desk, delivery, "Two, of mine")
    pass_now(desk, edit(desk, delivery, "Two, of yours"))
    desk.turn()
    held = pass_now(desk, late)
    desk.turn()
    held.refresh_from_db()
    assert (held.state, held.hold_reason) == (S.HELD, HoldReason.WINDOW)
    assert [p.text for p in shown(desk)] == ["Two, of yours"]


def test_edit_stays_one_post_of_its_account_and_is_for_writers(desk):
    delivery = out(desk)
    other = desk.connect("FerrowDE")
    post = edit_on_x(delivery, by=desk.cast.zhou, now=desk.now)
    with pytest.raises(TextRefused):
        save_draft(post, by=desk.cast.zhou, texts=["a", "b"], revision=1, now=desk.now)
    with pytest.raises(MoveRefused):
        change_details(
            post, by=desk.cast.zhou, title="", account=other, campaign=None, now=desk.now
        )
    for member in (desk.cast.admin, desk.cast.wu):
        with pytest.raises(NotAllowed):
            edit_on_x(delivery, by=member, now=desk.now)


def test_delete_of_an_edited_post_deletes_what_x_shows(desk):
    delivery = out(desk, "One")
    pass_now(desk, edit(desk, delivery, "Two"))
    desk.turn()
    remove_from_x(delivery, reason="Gone", by=desk.cast.lena, now=desk.now)
    remove(desk.now)
    assert shown(desk) == []
    with pytest.raises(CannotEdit) as gone:
        edit_on_x(delivery, by=desk.cast.zhou, now=desk.now)
    assert gone.value.reason == HoldReason.REMOVED


def test_repost_shows_it_again_on_the_other_account(desk, as_member):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Worth repeating")
    post = repost_from(delivery, other, by=desk.cast.zhou, now=desk.now)
    with pytest.raises(TextRefused):
        save_draft(post, by=desk.cast.zhou, texts=["Mine"], revision=1, now=desk.now)
    client = as_member(desk.cast.zhou)
    page = client.get(reverse("post", args=[post.pk])).content.decode()
    assert "<thread-editor" not in page
    assert "Worth repeating" in page
    reposted = pass_now(desk, post)
    desk.turn()
    reposted.refresh_from_db()
    assert (reposted.state, reposted.remote_id) == (S.PUBLISHED, delivery.remote_id)
    assert [p.reposts_id for p in shown(desk, "FerrowDE")] == [delivery.remote_id]
    assert desk.creates() == 1
    about = client.get(reverse("post-delivery", args=[post.pk])).content.decode()
    assert "Reposts" in about


def test_repost_that_got_no_clear_answer_is_found_by_looking(desk):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Worth repeating")
    reposted = pass_now(desk, repost_from(delivery, other, by=desk.cast.zhou, now=desk.now))
    desk.sim.fault("accept_then_reset", match=REPOSTING)
    desk.settle()
    reposted.refresh_from_db()
    assert reposted.state == S.PUBLISHED
    assert len(shown(desk, "FerrowDE")) == 1


def test_repost_of_what_was_deleted_is_held(desk):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Worth repeating")
    reposted = pass_now(desk, repost_from(delivery, other, by=desk.cast.zhou, now=desk.now))
    remove_from_x(delivery, reason="Gone", by=desk.cast.lena, now=desk.now)
    desk.turn()
    reposted.refresh_from_db()
    assert (reposted.state, reposted.hold_reason) == (S.HELD, HoldReason.REMOVED)
    with pytest.raises(CannotEdit):
        repost_from(delivery, other, by=desk.cast.zhou, now=desk.now)


def test_repost_is_taken_back_without_touching_the_original(desk):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Worth repeating")
    reposted = pass_now(desk, repost_from(delivery, other, by=desk.cast.zhou, now=desk.now))
    desk.turn()
    again = Delivery.objects.select_related("post").get(pk=reposted.pk)
    remove_from_x(again, reason="Not ours", by=desk.cast.lena, now=desk.now)
    remove(desk.now)
    assert Removal.objects.get(delivery=again).state == RemovalState.GONE
    assert shown(desk, "FerrowDE") == []
    assert [p.text for p in shown(desk)] == ["Worth repeating"]


def test_repost_on_the_same_account_or_of_what_is_not_out_is_refused(desk):
    delivery = out(desk)
    scheduled = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=30))
    other = desk.connect("FerrowDE")
    for target, account in ((delivery, desk.account), (scheduled, other)):
        with pytest.raises(MoveRefused):
            repost_from(target, account, by=desk.cast.zhou, now=desk.now)


def test_pages_lead_from_a_published_post_to_edit_repost_and_delete(desk, as_member):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Out now")
    client = as_member(desk.cast.lin)
    pane = client.get(reverse("post-delivery", args=[delivery.post_id])).content.decode()
    edit_url = reverse("delivery-edit", args=[delivery.pk])
    repost_url = reverse("post-repost", args=[delivery.post_id])
    remove_url = reverse("delivery-remove", args=[delivery.pk])
    for url in (edit_url, repost_url, remove_url):
        assert url in pane
    page = client.get(repost_url).content.decode()
    assert "@FerrowDE" in page
    assert client.post(repost_url, {}).status_code == 422
    assert client.post(repost_url, {"account": desk.account.pk}).status_code == 422
    made = client.post(repost_url, {"account": other.pk, "delivery": delivery.pk})
    assert made.status_code == 302
    assert Post.objects.filter(kind="repost", source=delivery.post).count() == 1
    assert client.post(edit_url).status_code == 302
    assert Post.objects.get(kind="edit").state == PostState.DRAFT
    page = client.get(remove_url).content.decode()
    assert "Delete it from @Ferrow?" in page
    assert "Out now" in page
    assert client.post(remove_url, {"reason": ""}).status_code == 422
    assert client.post(remove_url, {"reason": "Wrong"}).status_code == 302
    pane = client.get(reverse("post-delivery", args=[delivery.post_id])).content.decode()
    assert "Waiting to be deleted on X" in pane
    remove(desk.now)
    archive = client.get("/archive/").content.decode()
    assert "Deleted on X" in archive
    assert "Wrong" in archive
    answer = client.post(edit_url, follow=True).content.decode()
    assert "is gone from X" in answer


def test_pane_costs_the_same_for_one_part_and_three(desk, as_member):
    one, three = out(desk, "one of one"), out(desk, "one", "two", "three")
    client = as_member(desk.cast.lin)
    costs = []
    for delivery in (one, one, three):
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("post-delivery", args=[delivery.post_id]))
        costs.append(len(seen.captured_queries))
    assert costs[1] == costs[2]


def test_review_says_what_an_edit_and_a_repost_are_about(desk, as_member):
    other = desk.connect("FerrowDE")
    delivery = out(desk, "Nine hours")
    client = as_member(desk.cast.lin)
    for post, words in (
        (edit(desk, delivery, "Ten hours"), "Compare with what X shows"),
        (repost_from(delivery, other, by=desk.cast.zhou, now=desk.now), "Open the original"),
    ):
        round_ = submit_post(post, by=desk.cast.zhou, ticks=all_ticked(post), now=desk.now)
        step = waiting_step(round_)
        page = client.get(reverse("review-step", args=[step.pk])).content.decode()
        assert words in page
        assert "@Ferrow" in page
    compared = client.get(reverse("post-compare", args=[Post.objects.get(kind="edit").pk]))
    assert "Nine" in compared.content.decode()


def test_failed_deletion_needs_a_person_and_says_what_to_do(desk, as_member):
    delivery = out(desk, "Stays for now")
    desk.sim.fault("403_not_permitted", match={"method": "DELETE", "route": "/2/tweets/:id"})
    remove_from_x(delivery, reason="Wrong", by=desk.cast.lena, now=desk.now)
    client = as_member(desk.cast.lena)
    waiting = client.get("/failures/").content.decode()
    assert "Being deleted on X" in waiting
    remove(desk.now)
    page = client.get("/failures/")
    assert [row.delivery.pk for row in page.context["rows"]] == [delivery.pk]
    body = page.content.decode()
    assert "It is still on X: deleting it there did not work." in body
    assert "You are not permitted to perform this action." in body
    assert reverse("failure-drop", args=[delivery.pk]) not in body
