"""The HTTP client against real sockets that misbehave."""

import contextlib
import socket
import struct
import threading
import time

import httpx2
import pytest

from yanzhen.kernel import http
from yanzhen.kernel.http import CallFailed, Limits, Reason, client

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "0.0.0.0"])  # noqa: S104 -- a name to allow

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
#: For what ends by the clock alone; where an answer decides, a slow machine needs its time.
QUICK = Limits(connect_seconds=1, read_seconds=0.3, write_seconds=0.5, total_seconds=1)


def read_request(conn):
    got = b""
    while b"\r\n\r\n" not in got:
        part = conn.recv(65536)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += conn.recv(65536)
    return head + b"\r\n\r\n" + body


def wait_for(seen):
    """Wait until the server's thread has noted something."""
    deadline = time.monotonic() + 20
    while not seen:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


@pytest.fixture
def serve():
    """Start a server whose every connection is given to ``behave``; returns its address and log."""
    stop = threading.Event()
    sockets = []
    threads = []

    def start(behave):
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.05)
        sockets.append(listener)
        seen = []

        def run(conn):
            with contextlib.suppress(OSError), conn:
                conn.settimeout(5)
                behave(conn, seen, stop)

        def loop():
            while not stop.is_set():
                try:
                    conn, _ = listener.accept()
                except OSError:
                    continue
                thread = threading.Thread(target=run, args=(conn,), daemon=True)
                thread.start()
                threads.append(thread)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}", seen

    yield start
    stop.set()
    for thread in threads:
        thread.join(3)
    for sock in sockets:
        sock.close()


def answers(text):
    def behave(conn, seen, stop):
        seen.append(read_request(conn))
        conn.sendall(text)

    return behave


def test_call_good_answer_is_returned_with_body_and_our_name(serve):
    url, seen = serve(answers(OK))
    with client() as http_client:
        answer = http_client.post(url + "/a", json={"text": "雁"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert b"user-agent: yanzhen/" in seen[0].lower()
    assert seen[0].endswith('{"text":"雁"}'.encode())


def test_call_every_call_opens_its_own_connection(serve):
    keep = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok"
    url, seen = serve(answers(keep))
    with client() as http_client:
        for _ in range(3):
            http_client.get(url)
    assert len(seen) == 3


def test_call_nobody_listening_is_provably_unsent():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(f"http://127.0.0.1:{port}/")
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.CONNECT, False)


def test_call_unknown_host_is_provably_unsent(monkeypatch):
    def nothing(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(http.socket, "getaddrinfo", nothing)
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post("http://nowhere.invalid/")
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.LOOKUP, False)


def test_call_hanging_name_lookup_ends_in_time_and_unsent(monkeypatch):
    monkeypatch.setattr(http.socket, "getaddrinfo", lambda *a, **k: time.sleep(1.5) or [])
    began = time.monotonic()
    with (
        client(limits=Limits(connect_seconds=0.3, total_seconds=0.3)) as http_client,
        pytest.raises(CallFailed) as failed,
    ):
        http_client.post("http://slow.invalid/")
    assert time.monotonic() - began < 1
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.LOOKUP, False)


def test_call_failed_tls_is_provably_unsent(serve):
    def not_tls(conn, seen, stop):
        conn.recv(65536)
        conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    url, _ = serve(not_tls)
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url.replace("http:", "https:"))
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.TLS, False)


def test_call_deadline_over_before_the_first_byte_is_unsent(serve, monkeypatch):
    url, seen = serve(answers(OK))
    real = http.resolve

    def slow(*args, **kwargs):
        time.sleep(0.25)
        return real(*args, **kwargs)

    monkeypatch.setattr(http, "resolve", slow)
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url, extensions={"total_seconds": 0.2})
    assert failed.value.may_have_left is False
    assert seen == []


def test_call_hang_after_reading_may_have_left(serve):
    def hang(conn, seen, stop):
        seen.append(read_request(conn))
        stop.wait(3)

    url, seen = serve(hang)
    with client(limits=QUICK) as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url, content=b"x")
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.TIMEOUT, True)
    wait_for(seen)
    assert len(seen) == 1


def test_call_reset_before_reading_it_all_may_have_left(serve):
    def behave(conn, seen, stop):
        conn.recv(1)
        reset(conn)

    url, _ = serve(behave)
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url, content=b"x")
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.BROKEN, True)


def test_call_reset_after_reading_may_have_left_and_is_not_tried_again(serve):
    def behave(conn, seen, stop):
        seen.append(read_request(conn))
        reset(conn)

    url, seen = serve(behave)
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url, content=b"x")
    assert (failed.value.reason, failed.value.may_have_left) == (Reason.BROKEN, True)
    time.sleep(0.2)
    assert len(seen) == 1


def test_call_garbage_instead_of_http_is_broken(serve):
    url, _ = serve(answers(b"\x00\x01 what is this\r\n\r\n"))
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url)
    assert failed.value.reason is Reason.BROKEN


def test_call_cut_body_is_broken_and_keeps_the_status(serve):
    url, _ = serve(answers(b"HTTP/1.1 201 Created\r\ncontent-length: 50\r\n\r\n{"))
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url)
    assert (failed.value.reason, failed.value.status) == (Reason.BROKEN, 201)


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_call_oversized_body_is_refused_without_reading_it_all(serve, framing):
    def behave(conn, seen, stop):
        read_request(conn)
        if framing == "length":
            conn.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        else:
            conn.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 100_000_000 and not stop.is_set():
                part = b"a" * 65536
                conn.sendall(part if framing == "length" else b"10000\r\n" + part + b"\r\n")
                sent += 65536
        seen.append(sent)

    url, seen = serve(behave)
    limits = Limits(answer_bytes=200_000)
    with client(limits=limits) as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url)
    assert failed.value.reason is Reason.TOO_LARGE
    wait_for(seen)
    assert seen[0] < 20_000_000


def test_call_packed_answer_that_was_not_asked_for_is_refused(serve):
    url, seen = serve(
        answers(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok")
    )
    with client() as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url)
    assert failed.value.reason is Reason.UNREADABLE
    assert b"accept-encoding: identity" in seen[0].lower()


def test_call_redirect_is_returned_not_followed(serve):
    url, seen = serve(
        answers(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n")
    )
    with client() as http_client:
        answer = http_client.get(url)
    assert (answer.status_code, len(seen)) == (302, 1)


@pytest.mark.parametrize("part", ["head", "body"])
def test_call_slow_drip_ends_at_the_total_deadline(serve, part):
    def drip(conn, seen, stop):
        read_request(conn)
        text = OK.replace(b"2\r\n\r\nok", b"500\r\n\r\n" + b"o" * 500)
        if part == "body":
            head, _, body = text.partition(b"\r\n\r\n")
            conn.sendall(head + b"\r\n\r\n")
            text = body
        for byte in text:
            if stop.wait(0.05):
                return
            conn.sendall(bytes([byte]))
            seen.append(byte)

    url, seen = serve(drip)
    began = time.monotonic()
    with client(limits=Limits(total_seconds=1)) as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url)
    # Counted in drops: on a slow machine they come slower too.
    assert len(seen) < 1.6 / 0.05
    assert time.monotonic() - began > 0.9
    assert failed.value.reason is Reason.TIMEOUT


def test_call_server_that_takes_no_bytes_ends_in_time(serve):
    url, _ = serve(lambda conn, seen, stop: stop.wait(4))
    began = time.monotonic()
    with client(limits=QUICK) as http_client, pytest.raises(CallFailed) as failed:
        http_client.post(url, content=b"x" * 20_000_000)
    assert time.monotonic() - began < 2
    assert failed.value.may_have_left is True


def test_call_early_refusal_of_a_long_body_is_read(serve):
    def behave(conn, seen, stop):
        conn.recv(1000)
        conn.sendall(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        conn.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while conn.recv(65536):
                pass

    url, _ = serve(behave)
    with client() as http_client:
        assert http_client.post(url, content=b"x" * 300_000).status_code == 413


def test_call_cookies_are_not_kept_between_calls(serve):
    url, seen = serve(
        answers(b"HTTP/1.1 200 OK\r\nset-cookie: guest=1\r\ncontent-length: 0\r\n\r\n")
    )
    with client() as http_client:
        http_client.get(url)
        http_client.get(url)
    assert b"cookie:" not in seen[1].lower()


def test_call_proxies_of_the_environment_are_not_asked(serve, monkeypatch):
    url, seen = serve(answers(OK))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with client() as http_client:
        assert http_client.get(url).status_code == 200
    assert len(seen) == 1


def test_call_failure_never_tells_the_address_or_headers(serve):
    url, _ = serve(lambda conn, seen, stop: reset(conn))
    with client(limits=QUICK) as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url + "/?code=canary", headers={"authorization": "Bearer canary"})
    error = failed.value
    assert "canary" not in repr(error) + str(error) + str(vars(error))
    assert error.__cause__ is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0"]
)
def test_call_public_only_refuses_local_addresses_in_every_spelling(host):
    with (
        client(public_only=True, limits=QUICK) as http_client,
        pytest.raises((CallFailed, httpx2.InvalidURL)) as failed,
    ):
        http_client.get(f"http://{host}/")
    if isinstance(failed.value, CallFailed):
        assert failed.value.may_have_left is False


def test_call_public_only_refuses_a_name_with_any_inside_address(monkeypatch):
    monkeypatch.setattr(
        http,
        "resolve",
        lambda *a, **k: [
            (socket.AF_INET, ("8.8.8.8", 80)),
            (socket.AF_INET, ("127.0.0.1", 80)),
        ],
    )
    with client(public_only=True) as http_client, pytest.raises(CallFailed) as failed:
        http_client.get("http://two-faces.example/")
    assert failed.value.reason is Reason.ADDRESS


def test_call_public_only_looks_up_once_and_connects_to_what_was_checked(serve, monkeypatch):
    """A second lookup may answer otherwise, so there must be none."""
    url, seen = serve(answers(OK))
    port = int(url.rpartition(":")[2])
    asked = []

    def rebinding(host, port_, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, ("127.0.0.1", port))]

    monkeypatch.setattr(http, "resolve", rebinding)
    monkeypatch.setattr(http, "is_public", lambda text: True)
    with client(public_only=True, ports=[port]) as http_client:
        http_client.get(f"http://rebinding.example:{port}/")
    assert asked == ["rebinding.example"]
    assert b"host: rebinding.example" in seen[0].lower()


@pytest.mark.parametrize("url", ["http://8.8.8.8:22/", "http://user:pass@8.8.8.8/"])
def test_call_public_only_refuses_other_ports_and_sign_ins(url):
    with client(public_only=True) as http_client, pytest.raises(CallFailed) as failed:
        http_client.get(url)
    assert failed.value.reason is Reason.ADDRESS


def test_call_other_schemes_are_refused():
    with client() as http_client, pytest.raises((CallFailed, httpx2.UnsupportedProtocol)):
        http_client.get("file:///etc/passwd")
