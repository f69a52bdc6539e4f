"""The library's pages: what they show, who may, and how bytes are given out."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from yanzhen.library.actions import set_alt, set_subtitles
from yanzhen.library.models import MediaFile, Subtitles
from yanzhen.library.storing import open_bytes, storage, store_name
from yanzhen.library.tests import makers
from yanzhen.library.tests.corpus import HOSTILE
from yanzhen.library.tests.makers import upload
from yanzhen.people.tests.cast import NOW

SRT = "1\n00:00:00,000 --> 00:00:01,000\nHello.\n"
JSON = {"HTTP_ACCEPT": "application/json"}


def sent(name, data, mime="application/octet-stream"):
    return SimpleUploadedFile(name, data, content_type=mime)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def zhou(cast, client):
    client.force_login(cast.zhou.user)
    return client


def test_library_without_files_says_what_to_do(zhou):
    page = text(zhou.get("/library/"))
    assert "The first picture is yours" in page
    assert 'action="/library/upload/"' in page


def test_library_of_readers_offers_no_upload(cast, client):
    client.force_login(cast.lena.user)
    page = text(client.get("/library/"))
    assert "No files yet" in page
    assert "<media-drop" not in page


def test_library_shows_files_and_what_they_lack(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "geese.png")
    set_alt(media=upload(cast.maya, makers.gif(), "fly.gif"), by=cast.maya, alt="They fly", now=NOW)
    page = text(zhou.get("/library/"))
    assert "geese.png" in page
    assert "Image · 120 × 80" in page
    assert page.count("No alt text") == 1
    assert f'src="/library/{media.pk}/thumbnail/"' in page


def test_library_is_narrowed_by_kind_and_missing_alt(cast, zhou):
    upload(cast.zhou, makers.image("PNG"), "geese.png")
    upload(cast.zhou, makers.gif(), "fly.gif")
    page = text(zhou.get("/library/?shelf=gif"))
    assert "fly.gif" in page
    assert "geese.png" not in page
    assert "geese.png" in text(zhou.get("/library/?shelf=no-alt"))
    assert "Nothing fits" in text(zhou.get("/library/?shelf=video"))


def test_library_asks_as_often_for_three_files_as_for_one(cast, zhou):
    def asked(path):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert zhou.get(path).status_code == 200
        return len(queries)

    first = upload(cast.zhou, makers.image("PNG"), "a.png")
    upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    zhou.get("/library/")
    one, page = asked("/library/"), asked(f"/library/{first.pk}/")
    upload(cast.maya, makers.image("PNG", size=(50, 50)), "b.png")
    upload(cast.lin, makers.image("PNG", size=(60, 50)), "c.png")
    assert asked("/library/") == one
    assert asked(f"/library/{first.pk}/") == page


def test_media_page_asks_as_often_for_three_languages_as_for_one(cast, zhou):
    video = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert zhou.get(f"/library/{video.pk}/").status_code == 200
        return len(queries)

    said = {"media": video, "by": cast.zhou, "text": SRT, "now": NOW}
    set_subtitles(language="en", label="English", **said)
    asked()
    one = asked()
    set_subtitles(language="de", label="Deutsch", **said)
    set_subtitles(language="zh-Hans", label="简体中文", **said)
    assert asked() == one


def test_upload_form_keeps_files_and_says_which_it_did_not(cast, zhou):
    answer = zhou.post(
        "/library/upload/",
        {"file": [sent("a.png", makers.image("PNG")), sent("b.png", b"<svg/>")]},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "b.png" in page
    assert "This is SVG, which cannot be used here." in page
    assert MediaFile.objects.get().name == "a.png"


def test_upload_form_of_good_files_leads_back(cast, zhou):
    answer = zhou.post(
        "/library/upload/", {"file": sent("a.jpg", makers.jpeg_with_place())}, follow=True
    )
    assert answer.redirect_chain == [("/library/", 302)]
    assert "1 file is here. Where they were taken has been removed." in text(answer)


def test_upload_form_without_a_file_says_so(zhou):
    answer = zhou.post("/library/upload/", {})
    assert answer.status_code == 422
    assert "Choose a file first." in text(answer)


def test_upload_by_script_is_answered_in_json(cast, zhou):
    answer = zhou.post(
        "/library/upload/", {"file": sent("a.jpg", makers.jpeg_with_place())}, **JSON
    )
    assert answer.status_code == 200
    told = answer.json()
    media = MediaFile.objects.get()
    assert told["id"] == media.pk
    assert told["thumbnail"] == f"/library/{media.pk}/thumbnail/"
    assert told["facts"]["width"] == 120
    assert (told["alt"], told["known"], told["editable"]) == ("", False, True)
    assert told["warnings"] == ["Where it was taken has been removed from it."]
    again = zhou.post("/library/upload/", {"file": sent("b.jpg", makers.jpeg_with_place())}, **JSON)
    assert (again.json()["id"], again.json()["known"]) == (media.pk, True)


def test_upload_by_script_keeps_the_place_when_asked(zhou):
    data = {"file": sent("a.jpg", makers.jpeg_with_place()), "keep_location": "yes"}
    told = zhou.post("/library/upload/", data, **JSON).json()
    assert told["has_location"]
    assert told["warnings"] == ["It says where it was taken."]


@pytest.mark.parametrize("what", ["svg called png", "jpeg and html", "png bomb", "half a jpeg"])
def test_upload_by_script_of_a_bad_file_says_why(zhou, what):
    name, data, code = HOSTILE[what]
    answer = zhou.post("/library/upload/", {"file": sent(name, data, "image/png")}, **JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json()["error"].endswith(".")


def test_upload_by_script_takes_one_file(zhou):
    files = [sent("a.png", makers.image("PNG")), sent("b.gif", makers.gif())]
    assert zhou.post("/library/upload/", {"file": files}, **JSON).json()["code"] == "one_file"
    assert not MediaFile.objects.exists()


def test_upload_larger_than_memory_goes_through_the_disk(cast, zhou, settings):
    """A file above the limit for memory comes as one on disk, and is read from there."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    told = zhou.post("/library/upload/", {"file": sent("a.mp4", makers.PLAIN_MP4)}, **JSON).json()
    assert told["facts"]["video_codec"] == "h264"


def test_file_is_given_as_what_it_is_and_may_do_nothing(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), 'a";x="<b>.png')
    answer = zhou.get(reverse("media-file", args=[media.pk]))
    assert b"".join(answer.streaming_content) == makers.image("PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["ETag"] == f'"{media.sha256}"'
    fresh = zhou.get(reverse("media-file", args=[media.pk]), HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (fresh.status_code, fresh.content) == (304, b"")


@pytest.mark.parametrize("what", [name for name, (_n, _d, code) in HOSTILE.items() if code is None])
def test_file_of_the_hostile_corpus_is_never_served_active(cast, zhou, what):
    name, data, _code = HOSTILE[what]
    media = upload(cast.zhou, data, name, keep_location=True)
    answer = zhou.get(reverse("media-file", args=[media.pk]))
    assert answer["Content-Type"] in ("image/jpeg", "image/png", "image/gif", "video/mp4")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"<script" not in b"".join(answer.streaming_content).lower()


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-50", 206, slice(-50, None)),
        ("bytes=0-99999999", 206, slice(0, None)),
        ("bytes=9999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=50-10", 416, slice(0, 0)),
        ("bytes=0-1,5-9", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
    ],
)
def test_file_is_given_in_the_part_a_player_asks_for(cast, zhou, asked, status, part):
    media = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    answer = zhou.get(reverse("media-file", args=[media.pk]), HTTP_RANGE=asked)
    with open_bytes(media) as file:
        whole = file.read()
    length = len(whole)
    assert answer.status_code == status
    assert answer["Accept-Ranges"] == "bytes"
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{length}"
        return
    given = b"".join(answer.streaming_content)
    assert given == whole[part]
    assert int(answer["Content-Length"]) == len(given)
    if status == 206:
        start = part.indices(length)[0]
        assert answer["Content-Range"] == f"bytes {start}-{start + len(given) - 1}/{length}"


def test_file_that_changed_is_given_whole_to_a_player(cast, zhou):
    media = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    answer = zhou.get(
        reverse("media-file", args=[media.pk]), HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"other"'
    )
    assert answer.status_code == 200
    answer.close()


def test_file_whose_bytes_are_gone_is_nowhere(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    storage().delete(store_name(media.workspace_id, media.sha256))
    assert zhou.get(reverse("media-file", args=[media.pk])).status_code == 404


def test_files_of_another_workspace_are_nowhere(cast, client):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    client.force_login(cast.wu.user)
    for name in ("media", "media-file", "media-thumbnail"):
        assert client.get(reverse(name, args=[media.pk])).status_code == 404
    assert "a.png" not in text(client.get("/library/"))


def test_thumbnail_of_a_video_is_nowhere(cast, zhou):
    media = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    assert zhou.get(reverse("media-thumbnail", args=[media.pk])).status_code == 404


def test_edit_form_makes_a_new_image_and_leads_there(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    values = {"left": 10, "top": 0, "width": 60, "height": 40, "turn": 90}
    answer = zhou.post(reverse("media-edit", args=[media.pk]), values)
    made = MediaFile.objects.get(derived_from=media)
    assert answer["Location"] == reverse("media", args=[made.pk])
    with open_bytes(made) as file, Image.open(BytesIO(file.read())) as image:
        assert image.size == (40, 60)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"left": 100, "top": 0, "width": 60, "height": 40, "turn": 0}, "beyond the image"),
        ({"left": 0, "top": 0, "width": 120, "height": 80, "turn": 0}, "Nothing would change"),
        ({"left": 0, "top": 0, "width": 120, "height": 80, "turn": 45}, "45 is not one of"),
        (
            {"left": 0, "top": 0, "width": 120, "height": 80, "turn": 0, "size_width": 5},
            "Give both, or leave both empty.",
        ),
        ({}, "This field is required."),
    ],
)
def test_edit_form_with_something_wrong_says_what(cast, zhou, values, says):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    address = reverse("media-edit", args=[media.pk])
    answer = zhou.post(address, values)
    assert answer.status_code == 422
    assert says in text(answer)
    told = zhou.post(address, values, **JSON)
    assert (told.status_code, says in told.json()["error"]) == (422, True)
    assert MediaFile.objects.count() == 1


def test_edit_by_script_is_answered_in_json(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    values = {"left": 0, "top": 0, "width": 50, "height": 50, "turn": 0}
    told = zhou.post(reverse("media-edit", args=[media.pk]), values, **JSON).json()
    assert told["id"] == MediaFile.objects.get(derived_from=media).pk


def test_alt_form_saves_and_refuses(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    address = reverse("media-alt", args=[media.pk])
    assert zhou.post(address, {"alt": "Geese."}).status_code == 302
    assert MediaFile.objects.get().alt == "Geese."
    assert zhou.post(address, {"alt": "x" * 1001}).status_code == 422
    refused = zhou.post(address, {"alt": "a\u0007b"}, **JSON)
    assert (refused.status_code, "U+0007" in refused.json()["error"]) == (422, True)
    assert zhou.post(address, {"alt": ""}, **JSON).json()["alt"] == ""


def test_subtitles_form_takes_a_file_and_plays_it_as_vtt(cast, zhou):
    media = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    address = reverse("media-subtitles", args=[media.pk])
    data = {"language": "zh-Hans", "file": sent("a.srt", b"\xef\xbb\xbf" + SRT.encode())}
    assert zhou.post(address, data).status_code == 302
    saved = Subtitles.objects.get()
    assert (saved.language, saved.label, saved.text) == ("zh-Hans", "简体中文", SRT)
    track = zhou.get(reverse("subtitles", args=[saved.pk]))
    assert track["Content-Type"] == "text/vtt; charset=utf-8"
    assert text(track) == "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nHello.\n"
    assert f'src="/library/subtitles/{saved.pk}/"' in text(zhou.get(f"/library/{media.pk}/"))
    assert zhou.post(reverse("subtitles-remove", args=[saved.pk])).status_code == 302
    assert not Subtitles.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"language": "en"}, "Choose a file or paste the subtitles."),
        ({"language": "en", "text": "Hello"}, "Line 1 is not SRT"),
        ({"language": "en", "file": sent("a.srt", b"\xff\xfe\x00")}, "not UTF-8"),
        ({"language": "xx", "text": SRT}, "xx is not one of"),
    ],
)
def test_subtitles_form_with_something_wrong_says_what(cast, zhou, data, says):
    media = upload(cast.zhou, makers.PLAIN_MP4, "a.mp4")
    answer = zhou.post(reverse("media-subtitles", args=[media.pk]), data)
    assert answer.status_code == 422
    assert says in text(answer)


def test_subtitles_for_an_image_are_refused(cast, zhou):
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    answer = zhou.post(reverse("media-subtitles", args=[media.pk]), {"language": "en", "text": SRT})
    assert answer.status_code == 422
    assert not Subtitles.objects.exists()
