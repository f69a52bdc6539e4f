from django.test import Client
from django.urls import reverse

from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState


def pane(member, post):
    client = Client()
    client.force_login(member.user)
    return client.get(reverse("post-delivery", args=[post.pk]))


def test_pane_of_a_scheduled_post_offers_to_hold_it_and_to_publish_now(desk):
    post = desk.timed(desk.passed(), minutes=30)
    page = pane(desk.cast.lin, post).content.decode()
    assert "Scheduled" in page
    assert reverse("post-hold", args=[post.pk]) in page
    assert reverse("post-publish", args=[post.pk]) in page


def test_pane_offers_a_creator_to_hold_but_not_to_publish(desk):
    post = desk.timed(desk.passed(), minutes=30)
    page = pane(desk.cast.zhou, post).content.decode()
    assert reverse("post-hold", args=[post.pk]) in page
    assert reverse("post-publish", args=[post.pk]) not in page


def test_pane_of_a_published_post_leads_to_x(desk):
    post = desk.due().post
    desk.turn()
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED
    page = pane(desk.cast.zhou, post).content.decode()
    assert f"{desk.url}/Ferrow/status/" in page
    assert reverse("post-hold", args=[post.pk]) not in page


def test_pane_of_a_held_post_leads_to_the_decision(desk):
    post = desk.timed(desk.passed(), minutes=30)
    client = Client()
    client.force_login(desk.cast.zhou.user)
    client.post(reverse("post-hold", args=[post.pk]), {"reason": "Heat reports."})
    page = pane(desk.cast.zhou, post).content.decode()
    assert "A member held it." in page
    assert reverse("failures") in page


def test_pane_of_a_draft_is_empty_and_of_a_foreign_post_not_there(desk):
    post = desk.written()
    assert "<section" not in pane(desk.cast.lin, post).content.decode()
    assert pane(desk.cast.wu, post).status_code == 404
