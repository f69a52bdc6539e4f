"""Hostile input at every address: a clear no, nothing written, never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from yanzhen.planning.models import Draft
from yanzhen.web.tests import policy
from yanzhen.web.tests.house import CHIEF, STRANGER, Street, rows, undone

pytestmark = pytest.mark.django_db

ANYTHING = {200, 302, 303, 403, 404, 409, 410, 422}
#: What an address answers that programs call with a secret, before it reads anything else.
NO_SECRET = 401
#: A provider's answer is posted from its own pages; its signature and question are the token.
FROM_ELSEWHERE = "elsewhere-answer"
FORM = "application/x-www-form-urlencoded"
GETS = sorted(name for name, page in policy.TABLE.items() if page.get.answer in (200, 422))
POSTS = sorted(name for name, page in policy.TABLE.items() if page.post.answer != 405)
#: Everything an address of ours reads from its query.
ASKED = (
    *("page", "before", "account", "author", "campaign", "stage", "q", "when", "queue", "part"),
    *("month", "week", "day", "view", "a", "b", "state", "code", "error", "next", "room", "actor"),
    *("subject", "since", "until", "back", "seen", "zone", "fold", "at", "ask"),
)
QUERIES = {
    "huge": "9" * 40,
    "negative": "-1",
    "fraction": "1.5e9",
    "no date": "9999-99-99",
    "last date": "9999-12-31",
    "first date": "0001-01-01",
    "words": "%F0%9F%AA%BF%27%22%3Cscript%3E--",
    "empty": "",
}
UNREADABLE = {"no utf-8": "%FF%FE", "surrogate": "%ED%A0%80", "nul": "%00", "raw": "\xff"}


@pytest.fixture(autouse=True)
def _count_rows(street: Street) -> None:
    street.counts = True


def sender(name: str) -> str:
    """Let somebody ask who would get in."""
    return STRANGER if isinstance(policy.TABLE[name].post.stranger, int) else CHIEF


def address_of(street: Street, name: str) -> str:
    return reverse(name, args=policy.TABLE[name].args(street.ferrow))


@pytest.mark.parametrize("name", GETS)
def test_odd_queries_are_answered_or_refused(street: Street, name: str):
    before = rows()
    with undone():
        address = address_of(street, name)
        for kind, value in QUERIES.items():
            query = "&".join(f"{field}={value}" for field in (*ASKED, "unknown"))
            answer = street.send(CHIEF, "get", f"{address}?{query}")
            assert answer.status_code in (200, 302, 403, 404, 422), kind
    assert rows() == before


#: What each page reads from its query; one odd value must not hide behind another's refusal.
READS = {
    "accounts-connect": ("account",),
    "accounts-connected": ("state", "code"),
    "activity": ("before", "room", "actor", "subject", "since", "until"),
    "activity-csv": ("room", "actor", "since", "until"),
    "archive": ("account", "campaign", "month", "lead", "page", "sort"),
    "calendar": ("month", "view", "day", "account", "stage", "author", "campaign"),
    "failures": ("page",),
    "post": ("part", "ask", "day", "time"),
    "post-compare": ("a", "b"),
    "post-new": ("account", "day", "slot"),
    "posts-views": ("page",),
    "posts": ("q", "stage", "account", "author", "campaign", "when", "page"),
    "review": ("queue",),
    "slot-new": ("account", "day", "time"),
    "slots-copy": ("source", "target", "posts"),
}


@pytest.mark.parametrize(("name", "field"), [(n, f) for n, fields in READS.items() for f in fields])
def test_odd_value_of_one_field_is_answered_or_refused(street: Street, name: str, field: str):
    with undone():
        address = address_of(street, name)
        for kind, value in QUERIES.items():
            answer = street.send(CHIEF, "get", f"{address}?{field}={value}")
            assert answer.status_code in (200, 404, 422), kind


@pytest.mark.parametrize("name", GETS)
def test_unreadable_queries_are_refused(street: Street, name: str):
    with undone():
        address = address_of(street, name)
        for kind, value in UNREADABLE.items():
            answer = street.send(CHIEF, "get", f"{address}?q=1", QUERY_STRING=f"q={value}")
            assert answer.status_code == 400, kind


def bodies(sends: dict[str, Any]) -> Iterator[tuple[str, Any, str, set[int]]]:
    """Yield what is wrong, the body, its type, and the answers that say so."""
    plain = {key: value for key, value in sends.items() if not hasattr(value, "read")}
    fields = list(plain) or ["text"]

    def form(value: str) -> bytes:
        return "&".join(f"{field}={value}" for field in fields).encode("latin-1")

    def parts(value: bytes) -> bytes:
        return encode_multipart(BOUNDARY, dict.fromkeys(fields, "MARK")).replace(b"MARK", value)

    for kind, value in UNREADABLE.items():
        yield f"form with {kind}", form(value), FORM, {400}
    for kind, value in {"nul": b"\x00", "surrogate": b"\xed\xa0\x80", "no utf-8": b"\xff"}.items():
        yield f"parts with {kind}", parts(value), MULTIPART_CONTENT, {400}
    yield "no parts", b"--x\r\n\r\n", "multipart/form-data", {400}
    yield "5 MB", b"text=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE, FORM, {413}
    yield "3,000 fields", "&".join(f"f{n}=1" for n in range(3000)).encode(), FORM, {413}
    yield "nothing", b"", FORM, ANYTHING
    for value in ("9" * 40, "-1", "2026-13-45", "x" * 30_000, "\u202e\u0007", "[]"):
        said = urlencode(dict.fromkeys(fields, value)).encode()
        # 400 where the value is text: a bell cannot be kept.
        yield f"{value[:9]} everywhere", said, FORM, ANYTHING | {400}


@pytest.mark.parametrize("name", POSTS)
def test_odd_bodies_are_refused_and_write_nothing(street: Street, name: str):
    with undone():
        address, before = address_of(street, name), rows()
        by_secret = {NO_SECRET} & {policy.TABLE[name].post.answer}
        for kind, body, content_type, expected in bodies(
            policy.TABLE[name].post.sends(street.ferrow)
        ):
            answer = street.send(sender(name), "post", address, body, content_type=content_type)
            assert answer.status_code in expected | by_secret, kind
            assert not answer.rows or answer.rows == before, kind


@pytest.mark.parametrize("name", POSTS)
def test_form_without_its_token_is_refused(street: Street, name: str):
    with undone():
        address, before = address_of(street, name), rows()
        street.clients[CHIEF].handler.enforce_csrf_checks = True
        try:
            answer = street.send(
                CHIEF, "post", address, policy.TABLE[name].post.sends(street.ferrow)
            )
        finally:
            street.clients[CHIEF].handler.enforce_csrf_checks = False
    assert answer.rows == before
    if policy.TABLE[name].post.answer == NO_SECRET:
        assert answer.status_code == NO_SECRET
    elif name == FROM_ELSEWHERE:
        assert answer.status_code == policy.TABLE[name].post.answer
    else:
        assert answer.status_code == 403
        assert "This page is older than your sign-in" in answer.told


def test_sent_number_too_long_for_any_row_is_nowhere(street: Street):
    for name in ("post", "role", "account", "review-step", "member"):
        address = reverse(name, args=[1]).replace("/1/", f"/{'9' * 40}/")
        assert street.send(CHIEF, "get", address).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"texts": ["\\ud800"], "revision": 1}', 422),
        (b'{"texts": ["\\u0000"], "revision": 1}', 422),
        (b'{"texts": ["\xff"], "revision": 1}', 422),
        (b'{"texts": ["a"], "revision": ' + b"9" * 5000 + b"}", 422),
        (b"[" * 100_000, 422),
        (b'{"texts": "a", "revision": 1}', 422),
        (
            b'{"texts": ["' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"], "revision": 1}',
            413,
        ),
    ],
    ids=["surrogate", "nul", "no utf-8", "number", "depth", "shape", "size"],
)
def test_odd_drafts_are_refused_and_change_nothing(street: Street, body: bytes, status: int):
    draft = Draft.objects.get(post=street.ferrow.posts["draft"])
    for method in ("post", "put"):
        answer = street.send(
            CHIEF, method, f"/posts/{draft.post_id}/draft/", body, content_type="application/json"
        )
        assert answer.status_code == status
    fresh = Draft.objects.get(pk=draft.pk)
    assert (fresh.texts, fresh.revision) == (draft.texts, draft.revision)


def test_upload_larger_than_anything_is_refused_unread(street: Street):
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    answer = street.send(
        CHIEF,
        "post",
        "/plan/import/",
        b"--x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(most + 1),
    )
    assert answer.status_code == 413


def test_refusal_at_the_edge_speaks_the_readers_language(street: Street):
    answer = street.send(CHIEF, "get", "/posts/?q=%00", headers={"Accept-Language": "zh-Hans"})
    assert answer.status_code == 400
    assert "地址" in answer.told


def test_replacement_mark_in_a_plain_form_is_somebodys_text(street: Street):
    """Only bytes that could not be read are refused; the mark itself is a character like others."""
    said = {"body": "What is this \ufffd?"}
    address = reverse("discussion-new", args=[street.ferrow.posts["draft"].pk])
    body = urlencode(said).encode()
    assert street.send(CHIEF, "post", address, body, content_type=FORM).status_code == 302
