"""Only send_once writes to X: counted on the socket, with the stack of whoever writes."""

from __future__ import annotations

import re
import socket
import sys

import pytest

from yanzhen.channels.actions import disconnect_account, renew_ahead
from yanzhen.jobs.registry import LOOPS
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.engine import counts, lane, send
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING

#: What changes what the public sees, whatever comes before or after in the request line.
WRITES = re.compile(
    rb"^(?:POST /2/tweets|DELETE /2/tweets/\d+|POST /2/users/\d+/retweets"
    rb"|DELETE /2/users/\d+/retweets/\d+) ?",
    re.MULTILINE,
)


class Wire:
    """Everything this process sends: request lines, and whether send_once stood on the stack."""

    def __init__(self, monkeypatch) -> None:
        self.lines: list[bytes] = []
        self.writes: list[tuple[bytes, bool]] = []
        for name in ("send", "sendall"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch, name: str) -> None:
        real = getattr(socket.socket, name)

        def watched(sock, data, *more):
            self._note(bytes(data))
            return real(sock, data, *more)

        monkeypatch.setattr(socket.socket, name, watched)

    def _note(self, data: bytes) -> None:
        line = data.split(b"\r\n", 1)[0]
        if not line.endswith(b"HTTP/1.1") or b" " not in line:
            return
        self.lines.append(line)
        if WRITES.match(line):
            self.writes.append((line, self._sender_is_on_the_stack()))

    def _sender_is_on_the_stack(self) -> bool:
        frame = sys._getframe()
        while frame is not None:
            if frame.f_code is send.send_once.__code__:
                return True
            frame = frame.f_back
        return False


@pytest.fixture
def wire(desk, monkeypatch):
    return Wire(monkeypatch)


def do_everything(desk):
    """Send, doubt, look, hold, send again, freeze, count, renew, run every loop, disconnect."""
    desk.sim.fault("reject_500", match={**POSTING, "nth": 2})
    one, two = desk.due(), desk.due("a thread", "of two")
    desk.settle()
    desk.due()
    desk.settle()
    counts.refresh(desk.now)
    renew_ahead(desk.account, now=desk.now, within=desk.now - desk.now)
    for name, loop in sorted(LOOPS.items()):
        if name != "publishing.publish":
            loop.run_once(desk.now)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    desk.turn()
    disconnect_account(desk.account, by=desk.cast.admin, now=desk.now)
    return one, two


def test_write_to_x_happens_only_inside_send_once(desk, wire):
    do_everything(desk)
    assert len(wire.lines) > len(wire.writes) > 2
    assert [line for line, inside in wire.writes if not inside] == []
    assert len(wire.writes) == Attempt.objects.count() == desk.creates()


def test_write_to_x_never_happens_when_send_once_does_not(desk, wire, monkeypatch):
    class Gone(Exception):
        pass

    def no_send(*_order, **_more):
        raise Gone

    monkeypatch.setattr(lane, "send_once", no_send)
    one = desk.due()
    with pytest.raises(Gone):
        desk.send()
    assert Delivery.objects.get(pk=one.pk).state == S.SENDING
    for seconds in (30, 20, 60, 180, 600):
        desk.wait(seconds)
        for name, loop in sorted(LOOPS.items()):
            if name != "publishing.publish":
                loop.run_once(desk.now)
    counts.refresh(desk.now)
    assert wire.lines
    assert wire.writes == []
    assert desk.creates() == 0


def test_wire_sees_a_write_that_passes_the_sender_by(desk, wire):
    """The proof's own proof: a writer used directly is seen, and seen to be outside."""
    line = send.open_line(desk.account, now=desk.now)
    line._writer.inner.delete("1", timeout_seconds=2)
    assert [inside for _, inside in wire.writes] == [False]
