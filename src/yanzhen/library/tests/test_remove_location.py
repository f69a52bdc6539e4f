"""Videos: where they were taken is overwritten in place, and nothing else is."""

import pytest

from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.storing import open_bytes
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload

XMP_BOX = makers.box(
    b"uuid", bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC"), makers.XMP, b"Secret"
)
WITH_PLACES = {
    "apple": makers.mp4_with(in_moov=makers.apple_place()),
    "android": makers.mp4_with(in_moov=makers.android_place()),
    "xmp behind": makers.mp4_with(behind=XMP_BOX),
    "xmp in the head": makers.mp4_with(in_moov=XMP_BOX),
    "action camera": makers.action_camera(),
    "samsung": makers.mp4_with(behind=makers.box(b"sefd", b"Secret latitude 31.2304")),
}


def stored(media):
    with open_bytes(media) as file:
        return file.read()


def samples(data):
    """Return picture and sound as they lie in the file."""
    at = data.index(b"mdat") - 4
    return data[at : at + int.from_bytes(data[at : at + 4], "big")]


@pytest.mark.parametrize("data", WITH_PLACES.values(), ids=WITH_PLACES)
def test_store_upload_overwrites_where_a_video_was_taken(cast, data):
    assert any(place in data for place in (makers.SECRET_PLACE, b"Secret"))
    media = upload(cast.zhou, data, "geese.mp4")
    kept = stored(media)
    for trace in (b"31.2304", b"Secret", b"GPS", b"\xa9xyz", b"loci", b"ISO6709", b"gpmd"):
        assert trace not in kept
    assert (media.has_location, media.location_removed) == (False, True)
    assert len(kept) == len(data)
    assert samples(kept) == samples(makers.PLAIN_MP4)
    assert (media.duration_ms, media.frame_count, media.video_codec) == (1000, 10, "h264")


@pytest.mark.parametrize("data", WITH_PLACES.values(), ids=WITH_PLACES)
def test_store_upload_keeps_where_a_video_was_taken_when_asked(cast, data):
    media = upload(cast.zhou, data, "geese.mp4", keep_location=True)
    assert (media.has_location, media.location_removed) == (True, False)


def test_store_upload_of_a_video_without_a_place_says_so(cast):
    media = upload(cast.zhou, makers.PLAIN_MP4, "geese.mp4")
    assert (media.has_location, media.location_removed) == (False, False)


def test_store_upload_refuses_a_place_it_cannot_take_out(cast):
    """In fragments, a track's samples lie where its head does not say."""
    data = makers.mp4_with(
        in_moov=makers.track_of_places(0, []),
        behind=makers.box(b"moof", makers.box(b"mfhd", b"\x00" * 8)),
    )
    with pytest.raises(MediaRefused) as refused:
        upload(cast.zhou, data, "geese.mp4")
    assert refused.value.code is Refusal.LOCATION_STAYS
    assert not MediaFile.objects.exists()
    assert upload(cast.zhou, data, "geese.mp4", keep_location=True).has_location


def test_store_upload_of_a_mov_is_told_by_its_brand(cast):
    data = makers.PLAIN_MP4.replace(b"ftypisom", b"ftypqt  ", 1)
    assert upload(cast.zhou, data, "geese.mov").mime == "video/quicktime"
