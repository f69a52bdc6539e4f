"""The loops of the web process: started once, put back when gone, stopped in good order."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import pytest

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import LOOPS, web_loops
from yanzhen.publishing.tests.crew import until
from yanzhen.web.watchdog import Watchdog

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {"publishing.watch", "publishing.looks", "notify.mail"}


def running() -> dict[str, threading.Thread]:
    return {t.name: t for t in threading.enumerate() if t.name in LOOPS}


@pytest.fixture
def dog():
    dog = Watchdog()
    yield dog
    dog.rest()


def beats() -> set[str]:
    return set(Lease.objects.filter(ok_at__isnull=False).values_list("name", flat=True))


def test_web_runs_the_watch_the_calls_for_a_look_and_the_mails():
    assert {loop.name for loop in web_loops()} == NAMES


def test_watch_starts_each_loop_once_however_often_it_is_asked(dog):
    threads = [threading.Thread(target=dog.watch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(running()) == NAMES
    until(lambda: beats() == NAMES)
    dog.rest()
    assert not running()
    assert not Lease.objects.filter(until_at__isnull=False).exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_watch_puts_back_a_loop_that_lost_its_thread(dog, monkeypatch, caplog):
    died = threading.Event()

    def die(*_args: Any, **_more: Any) -> None:
        died.set()
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("yanzhen.jobs.worker.run_loop_once", die)
        dog.watch()
        assert died.wait(10)
        until(lambda: not running())
    dog.watch()
    assert set(running()) == NAMES
    assert "had lost its thread" in caplog.text
    until(lambda: beats() == NAMES)


def test_watch_begins_anew_in_a_forked_process(dog):
    dog.watch()
    until(lambda: beats() == NAMES)
    dog._process_id = (
        os.getppid()
    )  # what a fork leaves: the memory of a parent, none of its threads
    old = dog._worker
    dog.watch()
    assert dog._worker is not old
    old.stop()


def test_application_watches_from_its_start_or_from_the_first_request(monkeypatch):
    from yanzhen.config import asgi  # noqa: PLC0415 -- builds the whole site

    mine = Watchdog()
    monkeypatch.setattr(asgi, "WATCHDOG", mine)

    async def ask(*messages: str) -> None:
        heard = [{"type": f"lifespan.{message}"} for message in messages]

        async def receive() -> dict[str, str]:
            return heard.pop(0)

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                assert set(running()) == NAMES

        await asgi.application({"type": "lifespan"}, receive, send)

    asyncio.run(ask("startup", "shutdown"))
    assert not running()

    async def visit() -> None:
        async def send(_message: dict[str, Any]) -> None:
            return None

        scope = {"type": "http", "method": "GET", "path": "/live", "headers": []}
        await asgi.application({**scope, "query_string": b""}, None, send)

    asyncio.run(visit())
    try:
        assert set(running()) == NAMES
    finally:
        mine.rest()
