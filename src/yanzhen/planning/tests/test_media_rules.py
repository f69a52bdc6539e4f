"""X's limits for media and polls, at their edges."""

from dataclasses import replace

import pytest

from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.planning.media_rules import Chosen, media_faults, missing_alt, poll_faults

IMAGE = MediaFacts(MediaKind.IMAGE, "image/png", 5_000_000, 4000, 3000)
GIF = MediaFacts(MediaKind.GIF, "image/gif", 15_000_000, 800, 1000, 3000, 350)
VIDEO = MediaFacts(
    MediaKind.VIDEO, "video/mp4", 512_000_000, 1024, 1280, 140_000, None, 60.0, "h264", "aac"
)


def faults(*facts, premium=False):
    return media_faults([Chosen(each) for each in facts], premium=premium)


@pytest.mark.parametrize(
    "facts", [[], [IMAGE], [IMAGE] * 4, [GIF], [VIDEO], [replace(VIDEO, audio_codec="")]]
)
def test_media_faults_takes_all_that_x_takes(facts):
    assert faults(*facts) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([IMAGE] * 5, "4 images on a post; there are 5"),
        ([GIF, IMAGE], "one GIF or one video alone"),
        ([VIDEO, VIDEO], "one GIF or one video alone"),
        ([replace(IMAGE, byte_count=5_100_000)], "5.1 MB; X takes 5 MB"),
        ([replace(IMAGE, mime="image/tiff")], "JPEG, PNG, GIF and WEBP"),
        ([replace(GIF, byte_count=15_100_000)], "15.1 MB; X takes 15 MB"),
        ([replace(GIF, width=1300, frame_count=9)], "1300 × 1000 pixels"),
        ([replace(GIF, frame_count=351)], "351 frames"),
        ([replace(GIF, width=1080, height=1280, frame_count=300)], "300 frames"),
        ([replace(VIDEO, byte_count=513_000_000)], "513.0 MB"),
        ([replace(VIDEO, duration_ms=140_001)], "2:21; X takes 2:20"),
        ([replace(VIDEO, duration_ms=499)], "half a second"),
        ([replace(VIDEO, fps=61.0)], "61 frames a second"),
        ([replace(VIDEO, width=1920, height=1080)], "1920 × 1080"),
        ([replace(VIDEO, width=31, height=60)], "too small"),
        ([replace(VIDEO, width=300, height=1000)], "too narrow"),
        ([replace(VIDEO, video_codec="hevc")], "H.264"),
        ([replace(VIDEO, audio_codec="opus")], "AAC"),
        ([None], "no longer in the library"),
    ],
)
def test_media_faults_says_what_x_would_refuse(facts, words):
    found = faults(*facts)
    assert len(found) == 1
    assert words in found[0]


def test_media_faults_gives_premium_accounts_longer_videos():
    long = replace(VIDEO, duration_ms=600_000)
    assert faults(long)
    assert faults(long, premium=True) == []
    assert "10:01" in faults(replace(VIDEO, duration_ms=600_001), premium=True)[0]


def test_media_faults_names_the_file_among_several():
    assert faults(IMAGE, replace(IMAGE, byte_count=6_000_000))[0].startswith("File 2: ")


def test_missing_alt_counts_pictures_and_not_videos():
    assert missing_alt([Chosen(IMAGE), Chosen(IMAGE, "x"), Chosen(GIF, " "), Chosen(VIDEO)]) == 2


@pytest.mark.parametrize(
    ("options", "minutes", "words"),
    [
        (["a", "b"], 5, ""),
        (["a", "b", "c", "x" * 25], 10_080, ""),
        (["雁" * 25, "b"], 60, ""),
        (["a"], 60, "two to four choices"),
        (["a", " "], 60, "two to four choices"),
        (list("abcde"), 60, "four choices at most"),
        (["a", "x" * 26], 60, "Choice 2 is 1 over"),
        (["a", "A"], 60, "say the same"),
        (["a", "b"], 4, "5 minutes to 7 days"),
        (["a", "b"], 10_081, "5 minutes to 7 days"),
    ],
)
def test_poll_faults_holds_polls_to_what_x_takes(options, minutes, words):
    found = poll_faults(options, minutes)
    assert [words in each for each in found] == ([True] if words else [])
