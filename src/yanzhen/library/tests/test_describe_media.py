"""Alt text and subtitles."""

import pytest

from yanzhen.activity.models import Event
from yanzhen.library.actions import remove_subtitles, set_alt, set_subtitles
from yanzhen.library.models import MediaFile, Subtitles
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.srt import clean_language, clean_srt
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

SRT = "1\n00:00:00,000 --> 00:00:01,500\nHello.\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\nlines\n"


@pytest.fixture
def image(cast):
    return upload(cast.zhou, makers.image("PNG"), "geese.png")


@pytest.fixture
def video(cast):
    return upload(cast.zhou, makers.PLAIN_MP4, "geese.mp4")


def test_set_alt_saves_and_records_before_and_after(cast, image):
    set_alt(media=image, by=cast.maya, alt=" Geese over a lake.\r\n", now=NOW)
    assert MediaFile.objects.get().alt == "Geese over a lake."
    event = Event.objects.get(kind="library.media_described")
    assert event.data == {"before": "", "after": "Geese over a lake."}


def test_set_alt_to_the_same_records_nothing(cast, image):
    for _ in range(2):
        set_alt(media=image, by=cast.zhou, alt="Geese.", now=NOW)
    assert Event.objects.filter(kind="library.media_described").count() == 1


def test_set_alt_of_a_stale_copy_tells_what_it_replaced(cast, image):
    stale = MediaFile.objects.get()
    set_alt(media=image, by=cast.zhou, alt="First.", now=NOW)
    set_alt(media=stale, by=cast.maya, alt="Second.", now=NOW)
    last = Event.objects.filter(kind="library.media_described").latest("number")
    assert last.data == {"before": "First.", "after": "Second."}


def test_set_alt_that_is_too_long_is_refused(cast, image):
    set_alt(media=image, by=cast.zhou, alt="鸿" * 1000, now=NOW)
    with pytest.raises(MediaRefused) as refused:
        set_alt(media=image, by=cast.zhou, alt="鸿" * 1001, now=NOW)
    assert refused.value.code is Refusal.ALT_TOO_LONG


def test_describing_without_the_right_is_refused(cast, image, video):
    said = {"language": "en", "label": "", "text": SRT, "now": NOW}
    saved = set_subtitles(media=video, by=cast.zhou, **said)
    for member in (cast.lena, cast.wu):
        with pytest.raises(NotAllowed):
            set_alt(media=image, by=member, alt="No.", now=NOW)
        with pytest.raises(NotAllowed):
            set_subtitles(media=video, by=member, **said)
        with pytest.raises(NotAllowed):
            remove_subtitles(subtitles=saved, by=member, now=NOW)


def test_set_subtitles_replaces_those_of_the_same_language(cast, video):
    said = {"media": video, "by": cast.zhou, "label": "中文", "now": NOW}
    set_subtitles(language="zh-hans", text=SRT, **said)
    set_subtitles(language="zh_Hans", text=SRT.replace("Hello", "Hi"), **said)
    saved = Subtitles.objects.get()
    assert saved.language == "zh-Hans"
    assert "Hi." in saved.text
    assert Event.objects.filter(kind="library.subtitles_saved").count() == 2


def test_set_subtitles_of_an_image_is_refused(cast, image):
    with pytest.raises(MediaRefused) as refused:
        set_subtitles(media=image, by=cast.zhou, language="en", label="", text=SRT, now=NOW)
    assert refused.value.code is Refusal.NOT_VIDEO


def test_remove_subtitles_twice_records_once(cast, video):
    saved = set_subtitles(media=video, by=cast.zhou, language="en", label="", text=SRT, now=NOW)
    copy = Subtitles.objects.get()
    remove_subtitles(subtitles=saved, by=cast.zhou, now=NOW)
    remove_subtitles(subtitles=copy, by=cast.zhou, now=NOW)
    assert Event.objects.filter(kind="library.subtitles_removed").count() == 1


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (SRT, SRT),
        ("\ufeff" + SRT.replace("\n", "\r\n"), SRT),
        ("7\n0:00:01.000 --> 0:00:02.000 X1:40\nHi", "1\n00:00:01,000 --> 00:00:02,000\nHi\n"),
        ("\n\n00:00:01,000 --> 00:00:02,000\nHi\n\n\n", "1\n00:00:01,000 --> 00:00:02,000\nHi\n"),
    ],
)
def test_clean_srt_brings_it_to_one_form(raw, clean):
    assert clean_srt(raw) == clean


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("", 0),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi", 1),
        ("1\n00:00:02,000 --> 00:00:01,000\nBackwards", 2),
        ("1\n00:00:01,000 --> 00:00:02,000\n", 2),
        (f"{SRT}\n3\n00:00:00,000 --> 00:00:01,000\nToo late", 11),
        ("1\n00:00:61,000 --> 00:01:02,000\nNo such second", 2),
        ("1\n00:00:01,000 --> 00:00:02,000\na\x07b", 0),
    ],
)
def test_clean_srt_says_which_line_is_wrong(raw, line):
    with pytest.raises(MediaRefused) as refused:
        clean_srt(raw)
    assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("EN", "en"), ("zh_hans", "zh-Hans"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW")],
)
def test_clean_language_writes_tags_as_usual(raw, clean):
    assert clean_language(raw) == clean


@pytest.mark.parametrize("raw", ["", "e", "english language", "en-", "<b>", "en" * 40])
def test_clean_language_refuses_what_is_no_tag(raw):
    with pytest.raises(MediaRefused):
        clean_language(raw)
