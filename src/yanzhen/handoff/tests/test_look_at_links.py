"""What linked pages are called: read in the background, from public addresses only."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.actions.looking import look_at_links
from yanzhen.handoff.models import Attachment
from yanzhen.handoff.pages import Page, Reader, Unread, loom_of, page_of
from yanzhen.handoff.tests.shifts import again, begun
from yanzhen.kernel import http
from yanzhen.people.tests.cast import NOW

HTML = "text/html; charset=utf-8"
NOTES = (
    "<html><head><title>Notes</title><meta property='og:title' content='Heat &amp; repair'>"
    "<meta name='description' content='What we say\n of heat'></head><body><title>No</title>"
)


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.server.pages[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        # Whoever asks reads the beginning only.
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def site(**pages):
    """Serve these pages (status, headers, body) by their names."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.pages = {f"/{name}": page for name, page in pages.items()}
        server.asked, server.url = [], f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def reader(server, **more):
    return Reader(schemes=frozenset({"http"}), ports=(server.server_port,), **more)


@pytest.mark.parametrize(
    ("body", "charset", "page"),
    [
        (NOTES.encode(), "", Page("Heat & repair", "What we say of heat")),
        ("<title>交班 说明</title>".encode("gb18030"), "gb18030", Page("交班 说明", "")),
        ("<meta charset=gbk><title>交班</title>".encode("gbk"), "", Page("交班", "")),
        (b"<title>A</title>", "no-such-charset", Page("A", "")),
        (b"<title>A</title>", "base64", Page("A", "")),
        (b"<title>\x00</title>", "", Page("", "")),
        (b"<title>" + b"x" * 900, "", Page("x" * 199 + "…", "")),
        (b"<" * 200_000, "", Page("", "")),
    ],
)
def test_page_tells_its_title_and_a_sentence(body, charset, page):
    assert page_of(body, charset) == page


def test_redirects_are_followed_and_each_step_must_be_public(monkeypatch):
    monkeypatch.setattr(http, "is_public", lambda address: address == "127.0.0.1")
    with site() as server:
        inside = server.url.replace("127.0.0.1", "127.0.0.2")
        server.pages |= {
            "/notes": (200, {"content-type": HTML}, NOTES.encode()),
            "/moved": (302, {"location": "/notes"}, b""),
            "/inside": (302, {"location": f"{inside}/notes"}, b""),
            "/file": (302, {"location": "file:///etc/passwd"}, b""),
            "/round": (302, {"location": "/round"}, b""),
            "/endless": (200, {"content-type": HTML}, NOTES.encode() + b"x" * 3_000_000),
            "/image": (200, {"content-type": "image/png"}, b"x"),
            "/away": (503, {}, b""),
        }
        read = reader(server).read
        assert read(f"{server.url}/moved").title == "Heat & repair"
        assert read(f"{server.url}/endless").title == "Heat & repair"
        for name in ("inside", "file", "round", "image"):
            with pytest.raises(Unread) as unread:
                read(f"{server.url}/{name}")
            assert unread.value.permanent
        with pytest.raises(Unread) as unread:
            read(f"{server.url}/away")
        assert not unread.value.permanent
        assert server.asked.count("/round") == 4


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:443/"]
)
def test_reader_takes_public_https_only(url):
    with pytest.raises(Unread) as unread:
        Reader().read(url)
    assert unread.value.permanent


@pytest.mark.django_db(transaction=True)
def test_link_is_shown_by_what_its_page_says_and_looked_at_a_few_times(enter, cast):
    handover = begun(cast)
    where = reverse("handoff-link", args=[handover.pk])
    with site() as server:
        server.pages["/a"] = (503, {}, b"")
        # Typed in by whoever hands over; nothing is fetched while they wait.
        answer = enter(cast.lena).post(where, {"title": "", "url": f"{server.url}/a"})
        assert (answer.status_code, server.asked) == (302, [])
        look = {"reader": reader(server, public_only=False)}
        assert look_at_links(NOW, **look) == 1
        assert look_at_links(NOW, **look) == 0
        assert str(Attachment.objects.get()).startswith("127.0.0.1")
        server.pages["/a"] = (200, {"content-type": HTML}, NOTES.encode())
        assert look_at_links(NOW + timedelta(minutes=5), **look) == 1
        assert look_at_links(NOW + timedelta(days=9), **look) == 0
    page = enter(cast.zhou).get(reverse("handoff", args=[handover.pk])).text
    assert ">Heat &amp; repair</a>" in page
    assert "What we say of heat" in page


@pytest.mark.django_db
def test_loom_plays_in_a_sandbox_and_nothing_else_does(enter, cast):
    number = "0123456789abcdef" * 2
    for wrong in (
        f"https://loom.com.evil.example/share/{number}",
        f"http://www.loom.com/share/{number}",
        "https://www.loom.com/share/short",
        f"https://www.loom.com/share/{number}'onload",
    ):
        assert loom_of(wrong) == ""
    handover = begun(cast)
    url = f"https://www.loom.com/share/{number}?sid=1"
    add_link(handover, title="Desk", url=url, by=again(cast.lena), now=NOW)
    answer = enter(cast.zhou).get(reverse("handoff", args=[handover.pk]))
    assert f'<iframe src="https://www.loom.com/embed/{number}"' in answer.text
    assert 'sandbox="allow-scripts allow-same-origin allow-presentation"' in answer.text
    assert "frame-src https://www.loom.com;" in f"{answer.headers['Content-Security-Policy']};"
