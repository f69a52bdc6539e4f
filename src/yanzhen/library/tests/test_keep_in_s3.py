"""Media in a bucket, over the real protocol: kept once, read in parts, missed when it is gone."""

import io
import logging

import pytest
from django.core.management import call_command
from django.urls import reverse

from yanzhen.library.models import MediaFile
from yanzhen.library.storing import BytesMissing, open_bytes, storage, store_name
from yanzhen.library.tests import makers
from yanzhen.library.tests.bucket import SECRET, bucket
from yanzhen.library.tests.makers import upload


@pytest.fixture
def server(settings, store):
    with bucket(settings) as running:
        yield running


def page_of(client, member):
    client.force_login(member.user)
    return client


def test_files_are_kept_once_and_given_whole_and_in_parts(cast, client, server, caplog):
    caplog.set_level(logging.DEBUG)
    data = makers.image("PNG")
    media = upload(cast.zhou, data, "geese.png")
    names = {
        each["Key"]
        for each in storage()._client.list_objects_v2(Bucket=storage()._bucket)["Contents"]
    }
    assert store_name(cast.workspace.pk, media.sha256) in names
    assert len(names) == 2, "the picture and its small one"
    page = page_of(client, cast.maya)
    whole = page.get(reverse("media-file", args=[media.pk]))
    assert whole.getvalue() == data
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    part = page.get(reverse("media-file", args=[media.pk]), headers={"Range": "bytes=5-20"})
    assert (part.status_code, part.getvalue()) == (206, data[5:21])
    small = page.get(reverse("media-thumbnail", args=[media.pk]))
    assert small.getvalue()[:4] == b"RIFF"
    assert page_of(client, cast.wu).get(reverse("media-file", args=[media.pk])).status_code == 404
    assert upload(cast.maya, data, "again.png") == media
    assert SECRET not in caplog.text


def test_a_stored_file_is_sought_in_like_any_other(cast, server):
    data = bytes(range(256)) * 4000
    storage()._client.put_object(Bucket=storage()._bucket, Key="1/ab/long", Body=data)
    with storage().open("1/ab/long") as file:
        assert file.seek(0, io.SEEK_END) == len(data)
        assert file.read(1) == b""
        file.seek(700_000)
        assert file.read(300_000) == data[700_000:1_000_000]
        file.seek(3)
        assert file.read(5) == data[3:8]
        assert file.read() == data[8:]


def test_a_store_that_is_gone_refuses_and_keeps_nothing(cast, client, server, monkeypatch):
    media = upload(cast.zhou, makers.image("PNG"), "geese.png")
    monkeypatch.setattr("yanzhen.library.s3._MOST_TRIES", 1)
    del storage().__dict__["_client"]
    server.stop()
    page = page_of(client, cast.zhou)
    for name in ("media-file", "media-thumbnail"):
        answer = page.get(reverse(name, args=[media.pk]))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert page.get(reverse("media", args=[media.pk])).status_code == 200
    file = io.BytesIO(makers.image("JPEG"))
    file.name = "new.jpg"
    answer = page.post(
        reverse("library-upload"), {"file": file}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "store_silent"
    crop = {"left": 0, "top": 0, "width": 10, "height": 10, "turn": 0}
    edited = page.post(reverse("media-edit", args=[media.pk]), crop)
    assert "The store for files does not answer" in edited.content.decode()
    assert MediaFile.objects.count() == 1
    server.start()


def test_check_media_says_what_the_store_lacks(cast, server, capsys):
    here = upload(cast.zhou, makers.image("PNG"), "here.png")
    gone = upload(cast.zhou, makers.image("JPEG"), "gone.jpg")
    call_command("check_media")
    assert "2 files looked at, 0 not as they should be." in capsys.readouterr().out
    storage().delete(store_name(cast.workspace.pk, gone.sha256))
    with pytest.raises(BytesMissing):
        open_bytes(gone)
    with pytest.raises(SystemExit):
        call_command("check_media")
    told = capsys.readouterr().out
    assert f"missing: {gone.name} (file {gone.pk}" in told
    assert here.sha256 not in told
