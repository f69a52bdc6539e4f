"""Cropping, turning and resizing: a new row beside the original, exact to the pixel."""

from io import BytesIO

import pytest
from PIL import Image

from yanzhen.activity.models import Event
from yanzhen.library.actions import edit_image, set_alt
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.storing import open_bytes
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def opened(media):
    with open_bytes(media) as file:
        return Image.open(BytesIO(file.read()))


def edit(media, member, **wanted):
    return edit_image(media=media, by=member, now=NOW, **wanted)


@pytest.fixture
def png(cast):
    return upload(cast.zhou, makers.image("PNG"), "geese.png")


def test_edit_image_crops_to_the_pixel(cast, png):
    made = edit(png, cast.maya, crop=(10, 20, 70, 30))
    expected = makers.picture().crop((10, 20, 80, 50))
    assert opened(made).tobytes() == expected.tobytes()
    assert (made.width, made.height, made.name) == (70, 30, "geese-70x30.png")
    assert (made.derived_from, made.uploaded_by) == (png, cast.maya)
    assert Event.objects.get(kind="library.media_edited").data["original"] == png.pk


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_edit_image_turns_clockwise(cast, png, turn):
    made = edit(png, cast.zhou, turn=turn)
    assert opened(made).tobytes() == makers.picture().transpose(CLOCKWISE[turn]).tobytes()


def test_edit_image_crops_then_turns_then_resizes(cast, png):
    made = edit(png, cast.zhou, crop=(0, 0, 60, 40), turn=90, size=(20, 30))
    expected = makers.picture().crop((0, 0, 60, 40)).transpose(CLOCKWISE[90])
    expected = expected.resize((20, 30), Image.Resampling.LANCZOS)
    assert opened(made).tobytes() == expected.tobytes()


def test_edit_image_leaves_the_original_as_it_is(cast, png):
    before = MediaFile.objects.values().get(pk=png.pk)
    edit(png, cast.zhou, turn=90)
    assert MediaFile.objects.values().get(pk=png.pk) == before
    assert opened(png).tobytes() == makers.picture().tobytes()


def test_edit_image_of_a_turned_photograph_crops_what_is_shown(cast):
    """Orientation 6 is shown turned to the right, so its top left is the picture's bottom left."""
    media = upload(cast.zhou, makers.image("JPEG", exif=makers.exif(orientation=6)), "a.jpg")
    made = edit(media, cast.zhou, crop=(0, 0, 40, 60))
    shown = opened(media).transpose(CLOCKWISE[90]).crop((0, 0, 40, 60))
    pairs = zip(opened(made).tobytes(), shown.tobytes(), strict=True)
    differences = [abs(one - other) for one, other in pairs]
    assert sum(differences) / len(differences) < 2
    assert not opened(made).getexif()


def test_edit_image_keeps_profile_and_alt_and_drops_the_place(cast):
    media = upload(cast.zhou, makers.jpeg_with_place(), "a.jpg", keep_location=True)
    set_alt(media=media, by=cast.zhou, alt="Geese.", now=NOW)
    made = edit(media, cast.zhou, turn=180)
    assert opened(made).info["icc_profile"] == makers.profile()
    assert (made.alt, made.has_location) == ("Geese.", False)


def test_edit_image_of_a_still_gif_becomes_png(cast):
    media = upload(cast.zhou, makers.gif(1), "a.gif")
    made = edit(media, cast.zhou, crop=(0, 0, 30, 30))
    assert (made.mime, made.name) == ("image/png", "a-30x30.png")


def test_edit_image_twice_the_same_returns_the_first(cast, png):
    assert edit(png, cast.zhou, turn=90) == edit(png, cast.maya, turn=90)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, Refusal.NO_CHANGE),
        ({"crop": (0, 0, 120, 80)}, Refusal.NO_CHANGE),
        ({"size": (120, 80)}, Refusal.NO_CHANGE),
        ({"crop": (-1, 0, 10, 10)}, Refusal.BAD_CROP),
        ({"crop": (0, 0, 0, 10)}, Refusal.BAD_CROP),
        ({"crop": (100, 0, 30, 10)}, Refusal.BAD_CROP),
        ({"turn": 45}, Refusal.BAD_TURN),
        ({"size": (0, 10)}, Refusal.BAD_SIZE),
        ({"size": (16_384, 16_384)}, Refusal.BAD_SIZE),
    ],
)
def test_edit_image_refuses_what_cannot_be(cast, png, wanted, code):
    with pytest.raises(MediaRefused) as refused:
        edit(png, cast.zhou, **wanted)
    assert refused.value.code is code
    assert MediaFile.objects.count() == 1


@pytest.mark.parametrize(("name", "data"), [("a.gif", makers.gif()), ("a.mp4", makers.PLAIN_MP4)])
def test_edit_image_of_what_moves_is_refused(cast, name, data):
    media = upload(cast.zhou, data, name)
    with pytest.raises(MediaRefused) as refused:
        edit(media, cast.zhou, turn=90)
    assert refused.value.code is Refusal.NOT_EDITABLE


def test_edit_image_without_the_right_is_refused(cast, png):
    for member in (cast.lena, cast.wu):
        with pytest.raises(NotAllowed):
            edit(png, member, turn=90)
