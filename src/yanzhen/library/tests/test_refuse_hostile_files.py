"""The corpus of promise S10: nothing active is ever served, nothing lands outside the store."""

import pytest
from django.conf import settings
from django.utils import translation

from yanzhen.library import limits
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.storing import open_bytes
from yanzhen.library.tests import makers
from yanzhen.library.tests.corpus import HOSTILE, NAMES
from yanzhen.library.tests.makers import upload
from yanzhen.library.words import _SENTENCES, refusal


@pytest.mark.parametrize("keep", [False, True], ids=["clean", "keep"])
@pytest.mark.parametrize("what", HOSTILE)
def test_store_upload_of_a_hostile_file_is_refused_or_made_harmless(cast, store, what, keep):
    name, data, code = HOSTILE[what]
    if code is None:
        media = upload(cast.zhou, data, name, keep_location=keep)
        with open_bytes(media) as file:
            kept = file.read().lower()
        assert b"<script" not in kept
        assert b"<html" not in kept
        return
    with pytest.raises(MediaRefused) as refused:
        upload(cast.zhou, data, name, keep_location=keep)
    assert refused.value.code is code
    assert not MediaFile.objects.exists()
    assert not [path for path in store.rglob("*") if path.is_file()]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert "%(" not in refusal(refused.value)


def files_of_all():
    """Every file in the folder all tests share, but for what others upload or lock just now."""
    files = (path for path in settings.DATA.rglob("*") if path.is_file())
    return {path for path in files if path.parent.name != "incoming" and "keys" not in path.parts}


@pytest.mark.parametrize("name", NAMES)
def test_store_upload_of_a_leading_name_stays_in_the_store(cast, store, name):
    before = files_of_all()
    media = upload(cast.zhou, makers.image("PNG"), name)
    home = store / str(cast.workspace.pk)
    assert {p for p in store.rglob("*") if p.is_file()} == {
        home / digest[:2] / digest for digest in (media.sha256, media.thumbnail_sha256)
    }
    assert files_of_all() == before
    assert not {"/", "\\", "\r", "\n"} & set(media.name)


@pytest.mark.parametrize(
    ("name", "data", "limit"),
    [
        ("a.png", makers.image("PNG"), "MOST_IMAGE_BYTES"),
        ("a.mp4", makers.PLAIN_MP4, "MOST_VIDEO_BYTES"),
    ],
)
def test_store_upload_of_too_many_bytes_is_refused(cast, monkeypatch, name, data, limit):
    monkeypatch.setattr(limits, limit, 200)
    with pytest.raises(MediaRefused) as refused:
        upload(cast.zhou, data, name)
    assert refused.value.code is Refusal.TOO_MANY_BYTES


def test_every_refusal_has_a_sentence():
    assert set(_SENTENCES) == set(Refusal)
