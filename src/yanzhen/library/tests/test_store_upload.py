"""Taking files in: facts, one row for the same bytes, places gone, pixels untouched."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from PIL import Image, ImageOps

from yanzhen.activity.models import Event
from yanzhen.library.actions import store_upload
from yanzhen.library.actions.keeping import keep
from yanzhen.library.decoding import images
from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.decoding.taking import taking
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.models import MediaFile
from yanzhen.library.storing import open_bytes, open_thumbnail
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW


def stored(media):
    with open_bytes(media) as file:
        return file.read()


def pixels(data):
    with Image.open(BytesIO(data)) as image:
        return [frame.convert("RGBA").tobytes() for frame in _frames(image)]


def _frames(image):
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        yield image


def test_store_upload_of_an_image_keeps_bytes_row_and_event(cast, store):
    data = makers.image("PNG")
    media = upload(cast.zhou, data, "geese.png")
    digest = hashlib.sha256(data).hexdigest()
    assert media.sha256 == digest
    assert (store / str(cast.workspace.pk) / digest[:2] / digest).read_bytes() == data
    assert media.facts == MediaFacts(
        MediaKind.IMAGE, "image/png", len(data), 120, 80, frame_count=1
    )
    assert (media.name, media.uploaded_by, media.uploaded_at) == ("geese.png", cast.zhou, NOW)
    event = Event.objects.get(kind="library.media_stored")
    assert (event.actor_label, event.subject_label) == ("Zhou", "geese.png")
    assert event.data == {"sha256": digest, "kind": "image", "location_removed": False}


def test_store_upload_of_a_moving_gif_tells_frames_and_length(cast):
    media = upload(cast.zhou, makers.gif(4, duration=250), "geese.gif")
    assert media.facts.kind == MediaKind.GIF
    assert (media.frame_count, media.duration_ms, media.fps) == (4, 1000, 4.0)


def test_store_upload_of_a_still_gif_is_an_image(cast):
    media = upload(cast.zhou, makers.gif(1), "geese.gif")
    assert (media.kind, media.frame_count, media.duration_ms) == (MediaKind.IMAGE, 1, None)


def test_store_upload_of_a_video_tells_codecs_length_and_size(cast):
    media = upload(cast.zhou, makers.PLAIN_MP4, "geese.mp4")
    assert media.facts == MediaFacts(
        MediaKind.VIDEO,
        "video/mp4",
        len(makers.PLAIN_MP4),
        64,
        48,
        duration_ms=1000,
        frame_count=10,
        fps=10.0,
        video_codec="h264",
        audio_codec="aac",
    )
    assert media.thumbnail_sha256 == ""


def test_store_upload_of_the_same_bytes_returns_the_first_row(cast):
    first = upload(cast.zhou, makers.jpeg_with_place(), "geese.jpg")
    second = upload(cast.maya, makers.jpeg_with_place(), "other.jpg")
    assert second == first
    assert second.name == "geese.jpg"
    assert Event.objects.filter(kind="library.media_stored").count() == 1


def test_store_upload_of_the_same_bytes_elsewhere_is_a_row_of_its_own(cast):
    first = upload(cast.zhou, makers.image())
    assert upload(cast.wu, makers.image()) != first
    assert list(MediaFile.objects.visible_to(cast.zhou)) == [first]


def test_store_upload_without_the_right_is_refused(cast):
    with pytest.raises(NotAllowed):
        upload(cast.lena, makers.image())
    assert not MediaFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.jpg", makers.jpeg_with_place(), Format.JPEG),
        ("a.jpg", makers.jpeg_with_place(progressive=True), Format.JPEG),
        ("a.png", makers.png_with_place(), Format.PNG),
        ("a.webp", makers.webp_with_place(), Format.WEBP),
        ("a.gif", makers.gif_with_place(), Format.GIF),
    ],
)
def test_store_upload_takes_the_place_out_and_leaves_every_pixel(cast, name, data, form):
    assert b"Secret" in data
    media = upload(cast.zhou, data, name)
    kept = stored(media)
    assert b"Secret" not in kept
    assert b"GPS" not in kept
    assert (media.has_location, media.location_removed) == (False, True)
    assert pixels(kept) == pixels(data)
    with Image.open(BytesIO(kept)) as image:
        assert not image.getexif().get_ifd(0x8825)
        if form is not Format.GIF:
            assert image.info["icc_profile"] == makers.profile()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", makers.jpeg_with_place()),
        ("a.png", makers.png_with_place()),
        ("a.webp", makers.webp_with_place()),
        ("a.gif", makers.gif_with_place()),
    ],
)
def test_store_upload_keeps_the_place_when_asked(cast, name, data):
    media = upload(cast.zhou, data, name, keep_location=True)
    assert (media.has_location, media.location_removed) == (True, False)
    assert makers.XMP in stored(media)
    assert pixels(stored(media)) == pixels(data)


def test_store_upload_of_a_turned_photograph_stays_turned(cast):
    data = makers.jpeg_with_place(orientation=6)
    media = upload(cast.zhou, data)
    assert (media.width, media.height) == (80, 120)
    with Image.open(BytesIO(stored(media))) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    with open_thumbnail(media) as file, Image.open(file) as small:
        assert small.size == (80, 120) == (media.thumbnail_width, media.thumbnail_height)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_turns_as_viewers_do(orientation):
    shown = images.upright(makers.picture(), orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = BytesIO()
    makers.picture().save(out, "PNG", exif=exif)
    with Image.open(BytesIO(out.getvalue())) as image:
        assert ImageOps.exif_transpose(image).tobytes() == shown.tobytes()


def test_store_upload_drops_what_a_phone_hangs_behind_the_picture(cast):
    alone = makers.image("JPEG")
    media = upload(cast.zhou, alone + makers.jpeg_with_place())
    assert stored(media) == alone


def test_store_upload_makes_a_small_picture(cast):
    media = upload(cast.zhou, makers.image("JPEG", size=(1600, 900)))
    with open_thumbnail(media) as file, Image.open(file) as small:
        assert (small.format, small.size) == ("WEBP", (640, 360))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA", "I;16"])
def test_store_upload_takes_every_kind_of_colour(cast, mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = BytesIO()
    if mode == "I;16":
        Image.new("I;16", (30, 20), 40_000).save(out, form)
    else:
        makers.picture(30, 20, "RGBA" if mode == "LA" else mode).convert(mode).save(out, form)
    media = upload(cast.zhou, out.getvalue(), f"a.{'jpg' if form == 'JPEG' else 'png'}")
    with open_thumbnail(media) as file, Image.open(file) as small:
        assert small.size == (30, 20)
        if mode == "I;16":
            assert 150 <= small.convert("L").getpixel((5, 5)) <= 162


def test_keep_after_another_kept_the_same_bytes_returns_their_row(cast):
    """Both looked, found nothing, and decoded; the slower one meets the row as it writes."""
    data = makers.image()
    twice = (taking(BytesIO(data), Format.JPEG, keep_location=False) for _ in range(2))
    first, second = twice
    with first as one, second as other:
        row = keep(one, member=cast.zhou, name="a.jpg", now=NOW)
        assert keep(other, member=cast.maya, name="b.jpg", now=NOW) == row
    assert MediaFile.objects.get().name == "a.jpg"
    assert Event.objects.filter(kind="library.media_stored").count() == 1


class LateStore(FileSystemStorage):
    """A store in which somebody else puts every file between our look and our write."""

    def exists(self, name):
        there = super().exists(name)
        if not there and "_" not in name and name not in self.looked_for:
            self.looked_for.add(name)
            path = Path(self.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"the same bytes, from somebody else")
        return there

    looked_for: set[str] = set()


def test_store_upload_beside_another_leaves_no_second_copy(cast, store, settings):
    late = f"{__name__}.LateStore"
    media = {"BACKEND": late, "OPTIONS": {"location": str(store)}}
    settings.STORAGES = {**settings.STORAGES, "media": media}
    LateStore.looked_for.clear()
    media = upload(cast.zhou, makers.image("PNG"), "a.png")
    names = {path.name for path in store.rglob("*") if path.is_file()}
    assert names == {media.sha256, media.thumbnail_sha256}


def test_store_upload_mends_half_a_file_in_the_store(cast, store):
    data = makers.image("PNG")
    digest = hashlib.sha256(data).hexdigest()
    path = store / str(cast.workspace.pk) / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(data[:100])
    assert stored(upload(cast.zhou, data, "a.png")) == data


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..%2f..%2fkeys.png", "..%2f..%2fkeys.png".lstrip(".")),
        ("C:\\fakepath\\geese.PNG", "geese.PNG"),
        ("", "png.png"),
        ("geese", "geese.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"),
        ("大雁.png", "大雁.png"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_store_upload_keeps_a_name_for_reading_only(cast, store, sent, kept):
    media = upload(cast.zhou, makers.image("PNG"), sent)
    assert media.name == kept
    files = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}
    number = cast.workspace.pk
    assert files == {
        f"{number}/{digest[:2]}/{digest}" for digest in (media.sha256, media.thumbnail_sha256)
    }


def test_store_upload_reads_a_file_from_its_start(cast):
    file = BytesIO(makers.image("PNG"))
    file.seek(10)
    assert store_upload(member=cast.zhou, file=file, name="a.png", now=NOW).width == 120
