"""A file whose time ends before the post is due keeps the post from going out, in good time."""

from __future__ import annotations

from datetime import timedelta

from yanzhen.library.actions.assets import Change, change_assets
from yanzhen.library.models import Use
from yanzhen.library.queries import where_used
from yanzhen.notify.models import Notice
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import findings_for
from yanzhen.publishing.actions.expiring import hold_expired
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.test_upload_media import due_with, picture, used


def expire(desk, media, end):
    change = Change("expire", expires_at=end)
    change_assets([media.asset], change=change, by=desk.cast.lin, now=desk.now)


def test_post_due_after_its_file_ends_is_held_and_told(desk):
    media = picture(desk)
    delivery = due_with(desk, used(media), minutes=90)
    expire(desk, media, delivery.due_at + timedelta(seconds=1))
    assert hold_expired(desk.now) == 0
    expire(desk, media, delivery.due_at)
    assert hold_expired(desk.now) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.EXPIRED)
    assert "may be used until" in delivery.hold_note
    assert Post.objects.get(pk=delivery.post_id).state == "held"
    told = set(Notice.objects.filter(kind="publishing.held").values_list("member_id", flat=True))
    assert {desk.cast.zhou.pk, desk.cast.lin.pk, desk.cast.lena.pk} <= told
    assert hold_expired(desk.now) == 0


def test_post_due_before_its_file_may_be_used_is_held(desk):
    media = picture(desk)
    delivery = due_with(desk, used(media), minutes=90)
    asset = media.asset
    type(asset).objects.filter(pk=asset.pk).update(
        available_at=delivery.due_at + timedelta(hours=1)
    )
    assert hold_expired(desk.now) == 1


def test_writer_is_warned_and_library_knows_where(desk):
    media = picture(desk)
    post = desk.written(desk.text())
    extras = [{"media": [used(media).as_json()]}]
    draft = save_draft(
        post, by=desk.cast.zhou, texts=post.draft.texts, extras=extras, revision=1, now=desk.now
    )
    [hung] = where_used(media.asset, viewer=desk.cast.zhou)
    assert (hung.used.title, hung.number) == (post.shown_title, 1)
    expire(desk, media, desk.now - timedelta(days=1))
    post = Post.objects.select_related("account", "workspace").get(pk=post.pk)
    stops = findings_for(post, draft.content, viewer=desk.cast.zhou, now=desk.now).stops
    assert any("may be used until" in stop.text for stop in stops)
    save_draft(post, by=desk.cast.zhou, texts=["Else."], extras=[{}], revision=2, now=desk.now)
    assert not Use.objects.exists()
