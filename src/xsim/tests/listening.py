"""Open streams of the simulated X, read piece by piece."""

from __future__ import annotations

import contextlib
import json
import time

STREAM, RULES = "/2/tweets/search/stream", "/2/tweets/search/stream/rules"
ACTIVITY, SUBSCRIPTIONS = "/2/activity/stream", "/2/activity/subscriptions"


def add_rule(client, value, **more):
    answer = client.post(RULES, json={"add": [{"value": value, **more}]})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"][0]["id"]


class Listening:
    """An open stream, read piece by piece."""

    def __init__(self, answer):
        self.answer = answer
        self.pieces = answer.iter_raw()
        self.rest = b""

    def piece(self):
        return next(self.pieces)

    def item(self):
        while True:
            line, found, rest = self.rest.partition(b"\r\n")
            if found:
                self.rest = rest
                if line:
                    return json.loads(line)
            else:
                self.rest += self.piece()


@contextlib.contextmanager
def listening(client, sim, path=STREAM, **query):
    before = len(sim.streams())
    with client.stream("GET", path, params=query) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        wait_for(lambda: len(sim.streams()) > before or sim.faults())
        yield Listening(answer)


def wait_for(check):
    deadline = time.monotonic() + 3
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.005)
