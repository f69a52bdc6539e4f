"""The stream of changes, as raw ASGI over a real database, and the page that listens to it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.kernel.clock import now
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.workspaces import change_workspace
from yanzhen.people.models import Member, Workspace
from yanzhen.people.tests.cast import PASSWORD, Cast, make_cast
from yanzhen.review.tests.rounds import make_post
from yanzhen.signin.tests.phone import Phone
from yanzhen.signin.views.factors import SECRET
from yanzhen.web import live as live_module
from yanzhen.web.live import HUB, live

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 2.0


class Visit:
    """One connection to the stream, as a server would hold it."""

    def __init__(
        self, cookie: str = "", *, query: str = "", accept: str = "*/*", method: str = "GET"
    ):
        headers = [(b"cookie", cookie.encode("latin-1")), (b"accept", accept.encode())]
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/live",
            "query_string": query.encode(),
            "headers": headers,
        }
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.left = asyncio.Event()

    def open(self) -> asyncio.Task[None]:
        return asyncio.create_task(live(self.scope, self._receive, self.heard.put))

    async def answer(self) -> tuple[int, Any]:
        """Return status and JSON of an answer that ends at once."""
        await asyncio.wait_for(self.open(), 10)
        start, body = self.heard.get_nowait(), self.heard.get_nowait()
        return start["status"], json.loads(body["body"] or "null")

    async def message(self, within: float = SOON) -> dict[str, Any]:
        """Return the next message with data, heartbeats left out."""
        while True:
            heard = await asyncio.wait_for(self.heard.get(), within)
            for line in heard.get("body", b"").decode().splitlines():
                if line.startswith("data: "):
                    return json.loads(line.removeprefix("data: "))

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def cookie_of(member: Member) -> str:
    client = Client()
    client.force_login(member.user)
    return cookie_in(client)


def cookie_in(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def signed_in(member: Member) -> Client:
    """Sign in by the page, so that the person's list of sessions has it."""
    client = Client()
    client.post("/sign-in/", {"email": member.user.email, "password": PASSWORD})
    client.get("/team/")
    return client


def set_up(client: Client) -> None:
    """Set an authenticator app up by its page."""
    client.get("/me/second-factor/app/")
    code = Phone(client.session[SECRET]).code()
    assert client.post("/me/second-factor/app/", {"code": code}).status_code == 302


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


async def meanwhile(do: Callable[[], object]) -> None:
    """Do something in another thread and over another connection, as another process would."""

    def done() -> None:
        try:
            do()
        finally:
            connections.close_all()

    await asyncio.to_thread(done)


def rename(workspace: Workspace, by: Member, name: str) -> Callable[[], object]:
    """Record one event about people."""

    def change() -> None:
        fresh = Workspace.objects.get(pk=workspace.pk)
        change_workspace(fresh, name=name, zone="UTC", seen=fresh.revision, by=by, now=now())

    return change


@pytest.mark.parametrize(
    "cookie", ["", "yanzhen_session=nobody", "yanzhen_session=", "\xff=;;=,\x01"]
)
def test_live_sends_a_stranger_away_for_good(cast: Cast, cookie: str):
    async def story() -> None:
        assert await Visit(cookie).answer() == (204, None)
        assert await Visit(cookie, accept="application/json").answer() == (401, None)

    run(story())


def test_live_answers_nothing_but_get(cast: Cast):
    cookie = cookie_of(cast.lin)

    async def story() -> None:
        assert (await Visit(cookie, method="POST").answer())[0] == 204

    run(story())


def test_live_tells_a_member_within_two_seconds_and_nobody_next_door(cast: Cast):
    ours, theirs = cookie_of(cast.lin), cookie_of(cast.wu)

    async def story() -> None:
        lin, wu = Visit(ours), Visit(theirs)
        tasks = [lin.open(), wu.open()]
        start = await asyncio.wait_for(lin.heard.get(), 5)
        assert (start["status"], dict(start["headers"])[b"cache-control"]) == (200, b"no-store")
        assert (await lin.message(5))["topics"] == (await wu.message(5))["topics"] == []

        await meanwhile(rename(cast.workspace, cast.admin, "Ferrow & Co"))
        said = await lin.message()
        assert said["topics"] == ["people"]
        with pytest.raises(TimeoutError):
            await wu.message()

        await meanwhile(rename(cast.wu.workspace, cast.wu, "Others"))
        assert (await wu.message())["topics"] == ["people"]
        with pytest.raises(TimeoutError):
            await lin.message()

        assert HUB.count() == 2
        lin.left.set()
        wu.left.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        assert HUB.count() == 0

    run(story())


def test_live_tells_at_the_start_what_was_missed(cast: Cast):
    cookie = cookie_of(cast.lin)
    last = events().objects.order_by("-id").first().pk
    rename(cast.workspace, cast.admin, "Later")()

    async def story() -> None:
        visit = Visit(cookie, query=f"after={last}")
        task = visit.open()
        assert (await visit.message(5))["topics"] == ["people"]
        visit.left.set()
        await asyncio.wait_for(task, 5)

    run(story())


def test_live_answers_a_poll_with_what_came_after(cast: Cast):
    cookie = cookie_of(cast.lin)

    async def poll(query: str) -> dict[str, Any]:
        status, said = await Visit(cookie, query=query, accept="application/json").answer()
        assert status == 200
        return said

    async def story() -> None:
        first = await poll("")
        assert first["topics"] == []
        assert (await poll(f"after={first['last']}"))["topics"] == []
        await meanwhile(rename(cast.workspace, cast.admin, "Later"))
        await meanwhile(rename(cast.wu.workspace, cast.wu, "Others"))
        then = await poll(f"after={first['last']}")
        assert (then["topics"], then["last"]) == (["people"], first["last"] + 2)
        assert (await poll(f"after={then['last'] - 1}"))["topics"] == [], "that was next door"
        for odd in ("after=x", "after=-1", f"after={'9' * 40}", "after=%FF", "%00"):
            assert (await poll(odd))["topics"] == []

    run(story())


def test_live_reads_its_cookie_among_odd_ones(cast: Cast):
    cookie = f'settings={{"a": [1, "b"]}}; {cookie_of(cast.lin)}; @=@'

    async def story() -> None:
        assert (await Visit(cookie, accept="application/json").answer())[0] == 200

    run(story())


def end_session(cast: Cast) -> None:
    Session.objects.all().delete()


def let_go(cast: Cast) -> None:
    lin = Member.objects.with_roles().get(pk=cast.lin.pk)
    deactivate_member(lin, seen=0, by=cast.admin, now=now())


@pytest.mark.parametrize("end", [end_session, let_go])
def test_live_closes_the_stream_of_a_session_that_ended(cast: Cast, end, monkeypatch):
    # Not by the look that comes every half minute: within a second, and a slow machine's grace.
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 3600)
    assert live_module.LOOK_EVERY_SECONDS < 1
    cookie = cookie_of(cast.lin)

    async def story() -> None:
        visit = Visit(cookie)
        task = visit.open()
        await visit.message(5)
        await asyncio.sleep(0.5)
        assert not task.done()
        await meanwhile(lambda: end(cast))
        await asyncio.wait_for(task, 5)
        assert HUB.count() == 0

    run(story())


def test_live_closes_the_streams_of_a_password_alone_with_the_first_factor(cast: Cast, monkeypatch):
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 3600)
    own, other = signed_in(cast.lin), signed_in(cast.lin)

    async def story() -> None:
        here, there = Visit(cookie_in(own)), Visit(cookie_in(other))
        stays, ends = here.open(), there.open()
        await here.message(5)
        await there.message(5)
        await meanwhile(lambda: set_up(own))
        await asyncio.wait_for(ends, 5)
        assert not stays.done()
        here.left.set()
        await asyncio.wait_for(stays, 5)

    run(story())


@pytest.fixture
def site() -> Iterator[str]:
    """The whole site on a free port, in a thread."""
    config = uvicorn.Config(
        "yanzhen.config.asgi:application", port=0, log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the site did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.e2e
def test_live_page_fetches_a_piece_when_somebody_comments(cast: Cast, site: str, page):
    post = make_post(make_account(cast.workspace), cast.zhou, "Geese take turns.")
    name, _equals, key = cookie_of(cast.zhou).partition("=")
    page.context.add_cookies([{"name": name, "value": key, "url": site}])
    loads = []
    page.on("load", lambda: loads.append(page.url))
    with page.expect_request(lambda request: "/live" in request.url):
        page.goto(f"{site}/posts/{post.pk}/")
    page.locator("#discussion").get_by_text("Nobody has said anything yet.").wait_for()
    page.evaluate("document.body.dataset.mine = 'still here'")
    page.wait_for_timeout(1500)

    open_thread(post, by=cast.lin, body="More wind, please.", now=now())

    page.locator("#discussion").get_by_text("More wind, please.").wait_for(timeout=5000)
    assert page.evaluate("document.body.dataset.mine") == "still here"
    assert len(loads) == 1
