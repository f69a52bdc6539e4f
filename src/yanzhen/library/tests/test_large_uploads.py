"""Large bodies: only that one address, only from those who may, and nothing left lying about."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from yanzhen.kernel.clock import now
from yanzhen.library.limits import MOST_REQUEST_BYTES
from yanzhen.library.loops import sweep_incoming
from yanzhen.library.urls import carries_file


class Unread:
    """A body that must not be touched."""

    def read(self, size=-1):
        raise AssertionError("the body was read")

    readline = read


def send(client, address="/library/upload/", *, length=300_000_000, **options):
    return client.generic(
        "POST",
        address,
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": Unread()},
        **options,
    )


@pytest.fixture
def checked():
    """A browser whose forms need their token: looking for it is what would read the body."""
    return Client(enforce_csrf_checks=True)


def test_large_body_of_a_stranger_is_not_read(client, checked, db):
    checked.get("/sign-in/")
    assert send(checked).status_code == 403
    answer = send(client)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_large_body_of_a_reader_is_not_read(cast, client, checked):
    checked.force_login(cast.lena.user)
    checked.get("/me/")
    assert send(checked).status_code == 403
    client.force_login(cast.lena.user)
    assert send(client).status_code == 403


def test_body_larger_than_any_file_is_not_read(cast, client):
    client.force_login(cast.zhou.user)
    assert send(client, length=MOST_REQUEST_BYTES + 1).status_code == 413


def test_large_body_for_another_address_is_not_read(cast, client):
    client.force_login(cast.zhou.user)
    assert send(client, "/posts/new/").status_code == 413


def test_large_body_of_a_writer_is_read(cast, client):
    client.force_login(cast.zhou.user)
    with pytest.raises(AssertionError, match="the body was read"):
        send(client)


@pytest.mark.parametrize(
    ("address", "carries"),
    [
        ("/library/upload/", True),
        ("/library/12/file/", True),
        ("/library/12/thumbnail/", True),
        ("/library/", False),
        ("/library/12/", False),
        ("/library/12/alt/", False),
        ("/x/library/upload/", False),
    ],
)
def test_carries_file_tells_addresses_that_take_long(address, carries):
    assert carries_file(address) is carries


def test_sweep_incoming_takes_only_what_is_old(store):
    folder = settings.FILE_UPLOAD_TEMP_DIR
    for name, age in (("old.media", 25), ("new.media", 1)):
        path = folder / name
        path.write_bytes(b"half")
        moment = (now() - timedelta(hours=age)).timestamp()
        os.utime(path, (moment, moment))
    assert sweep_incoming(now()) == 1
    assert [path.name for path in folder.iterdir()] == ["new.media"]
    (folder / "new.media").unlink()
