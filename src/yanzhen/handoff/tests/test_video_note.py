"""Recordings: taken in like any file, played on the log, never part of a post."""

from io import BytesIO

import pytest
from django.urls import reverse

from yanzhen.handoff.actions.attaching import (
    add_link,
    add_video,
    caption_video,
    remove_attachment,
)
from yanzhen.handoff.actions.deciding import refuse_handover
from yanzhen.handoff.models import Attachment
from yanzhen.handoff.tests.shifts import again, begun, sent
from yanzhen.library.actions import store_upload
from yanzhen.library.models import MediaFile, Use
from yanzhen.library.refused import MediaRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user

pytestmark = pytest.mark.django_db


def element(number, *parts):
    """Give one EBML element: its id, its length, what is in it."""
    body = b"".join(parts)
    short = len(body) < 127
    length = bytes([len(body) | 0x80]) if short else (len(body) | 1 << 28).to_bytes(4, "big")
    return bytes.fromhex(number) + length + body


def webm(doctype=b"webm"):
    """Give a recording of one empty picture, 64 by 48, as a browser would begin it."""
    head = element("1a45dfa3", element("4282", doctype))
    size = element("e0", element("b0", b"\x40"), element("ba", b"\x30"))
    track = (element("d7", b"\x01"), element("73c5", b"\x01"), element("83", b"\x01"))
    tracks = element("1654ae6b", element("ae", *track, element("86", b"V_VP8"), size))
    info = element("1549a966", element("2ad7b1", b"\x0f\x42\x40"))
    frame = element("a3", b"\x81\0\0\x80", b"\x10\x02\0\x9d\x01\x2a\x40\0\x30\0")
    return head + element(
        "18538067", info, tracks, element("1f43b675", element("e7", b"\0"), frame)
    )


def hang(handover, by, data=None):
    return add_video(
        handover, file=BytesIO(data or webm()), name="note.webm", title="Shift", by=by, now=NOW
    )


def test_add_video_keeps_it_in_the_library_and_plays_it_on_the_log(enter, cast):
    handover = begun(cast, by=cast.lin)
    made = hang(handover, again(cast.lin))
    media = made.media
    assert (media.mime, media.kind, media.width, media.height) == ("video/webm", "video", 64, 48)
    assert Use.objects.get().subject_id == str(handover.pk)
    assert not MediaFile.objects.postable().exists()
    caption_video(made, captions="三点的电话", by=again(cast.lin))
    page = enter(cast.zhou).get(reverse("handoff", args=[handover.pk])).text
    assert f'src="/library/{media.pk}/file/"' in page
    assert "三点的电话" in page
    remove_attachment(made, by=again(cast.lin))
    assert not Use.objects.exists()
    assert MediaFile.objects.exists()


def test_log_that_was_refused_comes_back_with_its_videos_and_what_its_links_are_called(cast):
    handover = sent(cast)
    made = hang(handover, again(cast.lin))
    url = "https://ferrow.example/a"
    link = add_link(handover, title="", url=url, by=again(cast.lin), now=NOW)
    named = {"page_title": "Heat & repair", "page_text": "What we say", "looks": 1, "look_at": None}
    Attachment.objects.filter(pk=link.pk).update(**named)
    mended = refuse_handover(handover, reason="Which?", by=again(cast.zhou), now=NOW)
    video, page = mended.attachments.order_by("pk")
    assert (video.media, page.shown_title, page.page_text) == (
        made.media,
        "Heat & repair",
        "What we say",
    )
    assert page.look_at is None, "it was looked at before"
    assert Use.objects.filter(media=made.media, subject_id=str(mended.pk)).exists()


def test_both_of_a_handoff_record_on_it_whatever_else_they_may(enter, cast):
    analyst = join(cast.workspace, make_user("Ana"), "analyst")
    handover = begun(cast, to=analyst)  # by Lena, who brings no files either
    where, recorder = reverse("handoff", args=[handover.pk]), "<video-note"
    with pytest.raises(NotAllowed):
        hang(handover, again(cast.maya))
    assert recorder not in enter(cast.maya).get(where).text
    assert not MediaFile.objects.exists()
    hers = hang(handover, again(cast.lena))
    theirs = hang(handover, again(analyst), webm() + b"\xec\x81\0")
    assert recorder in enter(cast.lena).get(where).text
    page = enter(analyst).get(where).text
    assert recorder in page
    assert page.count('value="remove"') == 1, "their own"
    with pytest.raises(NotAllowed):
        remove_attachment(hers, by=again(analyst))
    caption_video(theirs, captions="Which number?", by=again(analyst))
    remove_attachment(theirs, by=again(analyst))
    with pytest.raises(NotAllowed):
        add_link(handover, title="", url="https://ferrow.example/a", by=again(analyst), now=NOW)
    with pytest.raises(NotAllowed):
        store_upload(member=again(analyst), file=BytesIO(webm()), name="note.webm", now=NOW)


def test_who_leaves_while_a_video_is_taken_in_brings_nothing(cast):
    handover, lin = begun(cast, by=cast.lin), again(cast.lin)
    Member.objects.filter(pk=lin.pk).update(active=False, left_at=NOW)
    with pytest.raises(NotAllowed):
        hang(handover, lin)
    assert not MediaFile.objects.exists()


def test_recording_is_refused_elsewhere_and_another_matroska_everywhere(cast):
    with pytest.raises(MediaRefused):
        store_upload(member=cast.lin, file=BytesIO(webm()), name="note.webm", now=NOW)
    with pytest.raises(MediaRefused):
        hang(begun(cast, by=cast.lin), again(cast.lin), webm(b"matroska"))


def test_video_page_answers_scripts_and_forms(enter, cast):
    handover = begun(cast, by=cast.lin)
    client, where = enter(cast.lin), reverse("handoff-video")
    scripts = {"Accept": "application/json"}
    file = BytesIO(webm())
    file.name = "note.webm"
    sent = {"handover": handover.pk, "file": file}
    assert client.post(where, sent, headers=scripts).json() == {"id": handover.pk}
    assert Attachment.objects.get().title.startswith("Video of 2 March")
    none = client.post(where, {"handover": handover.pk}, headers=scripts)
    assert (none.status_code, none.json()) == (
        422,
        {"error": "Choose one video, and a short title."},
    )
    text = BytesIO(b"no video")
    text.name = "note.webm"
    wrong = client.post(where, {"handover": handover.pk, "file": text})
    assert wrong.status_code == 422


def test_words_with_times_become_captions_and_nothing_in_them_is_markup(enter, cast):
    handover = begun(cast, by=cast.lin)
    made = hang(handover, again(cast.lin))
    where = reverse("handoff-captions", args=[made.pk])
    for plain in ("Good morning", "At 3:00 we call", ""):
        caption_video(made, captions=plain, by=again(cast.lin))
        assert "<track" not in enter(cast.zhou).get(reverse("handoff", args=[handover.pk])).text
    typed = (
        "0:05 Good <b>morning</b>\nand more\n[1:02:30] 三点的电话\n00:10.500 --> 00:12 Tea & rest"
    )
    caption_video(made, captions=typed, by=again(cast.lin))
    page = enter(cast.zhou).get(reverse("handoff", args=[handover.pk])).text
    assert f'<track kind="captions" src="{where}"' in page
    answer = enter(cast.zhou).get(where)
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.text.split("\n") == [
        *("WEBVTT", ""),
        *("00:00:05.000 --> 00:00:10.000", "Good &lt;b&gt;morning&lt;/b&gt;", "and more", ""),
        *("00:00:10.000 --> 01:02:30.000", "Tea &amp; rest", ""),
        *("01:02:30.000 --> 01:02:36.000", "三点的电话", ""),
    ]
