"""Media on their way to X: the right bytes, described, in order, whatever happens on the way."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

import pytest

from yanzhen.library.actions import set_subtitles
from yanzhen.library.storing import storage
from yanzhen.library.tests import makers
from yanzhen.library.tests.bucket import bucket
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.content import MediaUse
from yanzhen.publishing.actions.resolving import send_again
from yanzhen.publishing.engine import limits, uploads
from yanzhen.publishing.engine.uploads import upload_due
from yanzhen.publishing.models import Delivery, Pause, Upload
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason, UploadState
from yanzhen.publishing.tests.crew import until
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.models import CheckPoint
from yanzhen.review.tests.rounds import waiting_step

APPEND = {"method": "POST", "route": "/2/media/upload/:id/append"}
FINISH = {"method": "POST", "route": "/2/media/upload/:id/finalize"}


def stored(desk, content, name="geese.png"):
    return makers.upload(desk.cast.zhou, content, name)


def picture(desk, number=0):
    return stored(desk, makers.image("PNG", size=(60 + number, 40)))


def used(media, alt="Geese over a lake"):
    return MediaUse(media.pk, media.sha256, media.kind, alt)


def due_with(desk, *uses, text=None, minutes=0):
    """Give the delivery of a passed post with these media."""
    post = desk.written(text or desk.text())
    extras = [{"media": [use.as_json() for use in uses]}]
    save_draft(post, by=desk.cast.zhou, texts=post.draft.texts, extras=extras, revision=1, now=NOW)
    post.refresh_from_db()
    ticks = {point.pk: True for point in CheckPoint.objects.all()}
    round_ = submit_post(post, by=desk.cast.zhou, ticks=ticks, now=NOW)
    for member in (desk.cast.lin, desk.cast.lena):
        pass_step(waiting_step(round_), by=member, now=NOW)
    post.refresh_from_db()
    return Delivery.objects.get(post=desk.timed(post, minutes=minutes))


def bring(desk, turns=8):
    """Let the upload loop turn until it has nothing to do."""
    for _ in range(turns):
        if not upload_due(desk.now, owner="test"):
            desk.wait(1)
    return list(Upload.objects.order_by("position"))


def at_x(desk):
    """Return alt text and bytes' digest of each file of the newest post, in order."""
    (post,) = desk.posts()[-1:]
    return [(each["alt_text"], each["sha256"]) for each in post["media"]]


def test_four_pictures_go_out_in_order_with_the_bytes_that_were_passed(desk):
    pictures = [picture(desk, n) for n in range(4)]
    delivery = due_with(desk, *(used(p, f"Picture {n}") for n, p in enumerate(pictures)))
    assert {u.state for u in bring(desk)} == {UploadState.READY}
    desk.turn()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED
    assert at_x(desk) == [(f"Picture {n}", p.sha256) for n, p in enumerate(pictures)]


def test_pictures_in_a_bucket_go_out_too_and_wait_for_a_store_that_is_silent(
    desk, settings, monkeypatch
):
    monkeypatch.setattr("yanzhen.library.s3._MOST_TRIES", 1)
    with bucket(settings):
        kept = picture(desk)
        due_with(desk, used(kept))
        endpoint = storage()._how["endpoint_url"]
        storage().__dict__.pop("_client")
        storage()._how["endpoint_url"] = "http://127.0.0.1:9"
        upload_due(desk.now, owner="test")
        waiting = Upload.objects.get()
        assert waiting.state == UploadState.WAITING
        assert waiting.detail == "the store of media does not answer"
        storage().__dict__.pop("_client")
        storage()._how["endpoint_url"] = endpoint
        desk.wait(31)
        bring(desk)
        desk.turn()
    assert at_x(desk) == [("Geese over a lake", kept.sha256)]


def test_a_post_may_be_its_picture_alone(desk):
    delivery = due_with(desk, used(picture(desk)), text=" ")
    bring(desk)
    desk.turn()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED


def test_nothing_is_uploaded_long_before_it_is_due(desk):
    due_with(desk, used(picture(desk)), minutes=30)
    assert upload_due(desk.now, owner="test") == 0
    assert upload_due(desk.now + timedelta(minutes=21), owner="test") == 1


def test_video_is_waited_for_and_keeps_its_subtitles(desk):
    video = stored(desk, makers.PLAIN_MP4, "geese.mp4")
    track = set_subtitles(
        media=video,
        by=desk.cast.zhou,
        language="de",
        label="Deutsch",
        text="1\n00:00:00,000 --> 00:00:01,000\nGaense.\n",
        now=NOW,
    )
    use = MediaUse(video.pk, video.sha256, "video", "", {"de": track.sha256})
    delivery = due_with(desk, use)
    desk.sim.set_media_seconds(3)
    assert upload_due(desk.now, owner="test") == 1
    assert Upload.objects.get().state == UploadState.WORKING
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates()) == (S.SCHEDULED, 0)
    desk.wait(6)
    bring(desk)
    desk.turn()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED
    (shown,) = [m for m in desk.sim.media("Ferrow") if m["category"] == "tweet_video"]
    assert shown["sha256"] == video.sha256
    assert list(shown["subtitles"]) == ["DE"]


def test_file_that_x_refuses_holds_the_post_and_sends_nothing(desk):
    desk.sim.fault("media_failed", match=FINISH, reason="InvalidMedia")
    delivery = due_with(desk, used(stored(desk, makers.PLAIN_MP4, "geese.mp4"), ""))
    assert [u.state for u in bring(desk)] == [UploadState.FAILED]
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.MEDIA)
    assert "InvalidMedia" in delivery.hold_note
    assert "{" not in delivery.hold_note
    assert desk.creates() == 0


def test_file_that_x_refused_is_uploaded_again_when_a_person_sends_it_again(desk):
    desk.sim.fault("media_failed", match=FINISH, reason="InvalidMedia")
    delivery = due_with(desk, used(stored(desk, makers.PLAIN_MP4, "geese.mp4"), ""))
    bring(desk)
    desk.turn()
    delivery.refresh_from_db()
    send_again(delivery, reason="X was ill", by=desk.cast.lin, now=desk.now)
    assert [u.state for u in bring(desk)] == [UploadState.READY]
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates()) == (S.PUBLISHED, 1)


@pytest.mark.parametrize("do", ["reject_503", "accept_then_reset", "accept_then_500"])
def test_trouble_on_the_way_is_gone_over_again(desk, do):
    desk.sim.fault(do, match=APPEND)
    image = picture(desk)
    due_with(desk, used(image))
    assert [u.state for u in bring(desk)] == [UploadState.READY]
    desk.turn()
    assert at_x(desk) == [("Geese over a lake", image.sha256)]
    assert desk.creates() == 1


def test_limit_on_uploads_is_waited_out(desk):
    desk.sim.fault("429", match=APPEND, reset_seconds=60)
    due_with(desk, used(picture(desk)))
    upload_due(desk.now, owner="test")
    assert limits.resting_until(desk.account.pk, limits.UPLOAD, now=desk.now) is not None
    calls = desk.sim.journal(method="POST")["total"]
    assert upload_due(desk.now, owner="test") == 0
    assert desk.sim.journal(method="POST")["total"] == calls
    desk.wait(62)
    assert [u.state for u in bring(desk)] == [UploadState.READY]


def test_app_without_money_is_paused_by_an_upload_too(desk):
    desk.sim.fault("402", match=FINISH)
    due_with(desk, used(picture(desk)))
    upload_due(desk.now, owner="test")
    assert Pause.objects.get().code == "no_credits"
    desk.wait(30)
    assert upload_due(desk.now, owner="test") == 0


def test_upload_that_would_expire_is_made_again(desk):
    due_with(desk, used(picture(desk)))
    (first,) = bring(desk)
    Upload.objects.update(expires_at=desk.now + timedelta(minutes=1))
    (second,) = bring(desk)
    assert second.state == UploadState.READY
    assert second.remote_id != first.remote_id
    desk.turn()
    assert len(desk.posts()) == 1


def test_claim_that_was_lost_writes_nothing_more(desk, monkeypatch):
    due_with(desk, used(picture(desk)))
    taken = []

    def overtaken(name):
        if name == "uploading" and not taken:
            taken.append(name)
            desk.wait(91)
            assert upload_due(desk.now, owner="other") == 1

    monkeypatch.setattr(uploads, "crash_point", overtaken)
    assert upload_due(desk.now, owner="slow") == 0
    (upload,) = Upload.objects.all()
    assert (upload.state, upload.epoch) == (UploadState.READY, 2)
    desk.turn()
    assert (len(desk.posts()), desk.creates()) == (1, 1)


@pytest.mark.parametrize("point", ["uploading", "uploaded"])
def test_killed_while_uploading_goes_out_once(field, point):
    image = picture(field)
    delivery = due_with(field, used(image))
    assert field.crew.wait_for_death(field.crew.fork(crash_at=point)) == signal.SIGKILL
    field.wait(91)
    # The dead worker may have had the post in hand as well.
    field.turn()
    until(lambda: all(u.state == UploadState.READY for u in bring(field)))
    field.settle()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED
    assert (len(field.posts()), field.creates()) == (1, 1)


def test_upload_lasting_ten_times_its_lease_doubles_nothing(field, monkeypatch):
    """Promise P6, with a lease of half a second and parts that take longer than that."""
    monkeypatch.setattr(uploads, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(uploads, "CHUNK_BYTES", 64)
    field.sim.fault("slow", match=APPEND, seconds=0.7, times=8)
    delivery = due_with(field, used(picture(field)))
    field.crew.fork()
    field.crew.fork()

    def is_out():
        delivery.refresh_from_db()
        return delivery.state == S.PUBLISHED

    until(is_out, seconds=60)
    time.sleep(1)
    assert (len(field.posts()), field.creates()) == (1, 1)
