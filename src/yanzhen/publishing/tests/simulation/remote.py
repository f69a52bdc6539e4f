"""X as it is at its worst, in memory. Its ledger is what the judge believes; nobody else sees it.

Implements channels.ports.Platform and Writer. What may happen to one create is a *fate*; which
fates a seed knows, and how often lookups fail or lag, are the seed's rates.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.channels.ports import (
    OutgoingPost,
    PlatformError,
    Profile,
    RateWindow,
    RemotePost,
    SendResult,
    Sent,
)
from yanzhen.publishing.tests.simulation.world import BASE, World

LONGEST_LAG_SECONDS = 300
#: A create whose client gave up may still land this much later; with the longest lag, within the
#: 600 s after which the product takes an empty look-up for an answer.
LATEST_CREATE_SECONDS = 200
DAY_MS = 24 * 3600 * 1000
#: fate: (is it created, HTTP status, code of the answer)
ANSWERS = {
    "ok": (True, 201, "created"),
    "unreachable": (False, None, "unsent"),
    "reset_before": (False, None, "broken"),
    "reset_after": (True, None, "broken"),
    "hang_before": (False, None, "timeout"),
    "hang_after": (True, None, "timeout"),
    "created_late": (True, None, "timeout"),
    "500_before": (False, 500, "server_error"),
    "500_after": (True, 500, "server_error"),
    "503_before": (False, 503, "server_error"),
    "503_after": (True, 503, "server_error"),
    "403_before": (False, 403, "forbidden"),
    "403_after": (True, 403, "forbidden"),
    "garbage_after": (True, 201, "unreadable"),
    "400": (False, 400, "refused"),
    "401": (False, 401, "unauthorised"),
    "402": (False, 402, "no_credits"),
    "429": (False, 429, "rate_limited"),
}
HANGS = {"hang_before", "hang_after", "created_late"}


@dataclass
class Shown:
    """One entry of the ledger; ``written_ms`` is when its bytes arrived, by the world's time."""

    id: str
    account: str
    text: str
    created_ms: int
    visible_ms: int
    written_ms: int
    reply_to_id: str = ""
    edits_id: str = ""
    reposts_id: str = ""
    by: str = ""


class RemoteX:
    """All of X: accounts, ledger, fates. ``slug`` and the rest as ports.Platform asks."""

    slug = "x"
    origin = "practice"
    scopes = ()

    def __init__(self) -> None:
        self.handles: dict[str, str] = {}
        self.open_for(None, 0, {})

    def open_for(self, world: World | None, seed: int, rates: dict[str, float]) -> None:
        """Begin a new seed with an empty ledger."""
        self.world = world
        self.rates = rates
        self.dice = random.Random(f"{seed} x")
        self.ledger: list[Shown] = []
        self.asked: list[tuple[int, str, str]] = []
        self.barred_until: dict[str, int] = {}
        self.skew_ms = self.dice.choice((0, 0, 0, 60_000, -60_000))
        self.has_duplicate_rule = self.dice.random() < 0.5
        self.healthy = False
        self.on_bytes: Callable[[str, OutgoingPost | None, str], None] = lambda *_: None
        self.on_early_call: Callable[[str], None] = lambda account: None

    # --- ports.Platform ---

    def session(self, app, tokens) -> Line:
        return Line(self, tokens.access)

    writer = session

    def revoke(self, app, tokens) -> None:
        pass

    def refresh(self, app, tokens, *, now):
        raise PlatformError("refused", "no such token")

    def their_time(self) -> datetime | None:
        """See ports.Platform; X's clock is the world's."""
        return self.at(self.world.ms).replace(microsecond=0)

    def post_url(self, handle: str, post_id: str) -> str:
        return f"https://x.example/{handle}/status/{post_id}"

    # --- the ledger ---

    def at(self, ms: int) -> datetime:
        return BASE + timedelta(milliseconds=ms + self.skew_ms)

    def add(self, account: str, text: str, *, created_ms: int, lag_ms: int = 0, **more) -> Shown:
        """Create a post. Ids rise with the time of creation, as X's do."""
        new_id = str(((created_ms + 10**9) << 10) + len(self.ledger))
        shown = Shown(new_id, account, text, created_ms, created_ms + lag_ms, self.world.ms, **more)
        self.ledger.append(shown)
        return shown

    def visible(self, account: str) -> list[Shown]:
        mine = [p for p in self.ledger if p.account == account and p.visible_ms <= self.world.ms]
        return sorted(mine, key=lambda p: int(p.id), reverse=True)

    def lag_ms(self) -> int:
        if self.healthy or self.dice.random() >= self.rates["lag"]:
            return 0
        return self.dice.randint(1_000, LONGEST_LAG_SECONDS * 1000)

    def fate(self) -> str:
        """Draw what becomes of one create."""
        if self.healthy or self.dice.random() >= self.rates["trouble"]:
            return "ok"
        return self.dice.choice(self.rates["fates"])

    def knows_already(self, account: str, text: str) -> bool:
        since = self.world.ms - DAY_MS
        return self.has_duplicate_rule and any(
            p.account == account and p.text == text and p.created_ms > since and not p.reposts_id
            for p in self.ledger
        )


class Line:
    """Implements channels.ports.Writer for the account whose id is the token."""

    def __init__(self, x: RemoteX, account: str) -> None:
        self.x = x
        self.account = account

    def _take_time(self, *, at_most: float = 20.0) -> None:
        x = self.x
        slow = not x.healthy and x.dice.random() < 0.1
        x.world.sleep(x.dice.uniform(2.0, at_most - 1) if slow else x.dice.uniform(0.02, 0.6))

    def _lookup(self, *, most: float = 1.0) -> None:
        self._take_time()
        x = self.x
        if x.healthy or x.dice.random() >= min(most, x.rates["lookup_fails"]):
            return
        code, status = x.dice.choice(
            (("server_error", 503), ("timeout", None), ("rate_limited", 429), ("unauthorised", 401))
        )
        x.world.say(f"X: lookup {code}")
        raise PlatformError(code, "lookup", status=status)

    def me(self) -> Profile:
        self._lookup(most=0.2)
        return Profile(self.account, self.x.handles[self.account], self.x.handles[self.account])

    def own_posts(
        self, account_id: str, *, since_id: str, limit: int = 20, until_id: str = ""
    ) -> list[RemotePost]:
        self._lookup()
        shown = self.x.visible(account_id)
        found = [p for p in shown if int(since_id or 0) < int(p.id) < int(until_id or 10**30)]
        return [self._remote(p) for p in found[:limit]]

    def posts(self, ids) -> dict[str, RemotePost]:
        self._lookup()
        return {p.id: self._remote(p) for p in self.x.visible(self.account) if p.id in ids}

    def _remote(self, p: Shown) -> RemotePost:
        edits = (p.edits_id, p.id) if p.edits_id else (p.id,)
        return RemotePost(
            p.id,
            p.text,
            self.x.at(p.created_ms),
            author_id=p.account,
            reply_to_id=p.reply_to_id,
            edit_ids=edits,
            reposts_id=p.reposts_id,
        )

    # --- writing ---

    def send(self, post: OutgoingPost, *, timeout_seconds: float, on_point=None) -> SendResult:
        more = {"reply_to_id": post.reply_to_id, "edits_id": post.edits_id}
        return self._once(post, post.text, more, timeout_seconds, on_point)

    def repost(self, account_id, post_id, *, timeout_seconds: float, on_point=None) -> SendResult:
        done = self._once(None, "", {"reposts_id": post_id}, timeout_seconds, on_point)
        if done.sent == Sent.CREATED:
            return SendResult(Sent.CREATED, "created", 200, post_id)
        return done

    def _once(self, post, text, more, seconds, on_point) -> SendResult:
        """The wire, as kernel.http promises it: the deadline is asked between connect and write."""
        x, world = self.x, self.x.world
        deadline = world.monotonic() + seconds
        fate = x.fate()
        world.sleep(x.dice.uniform(0.01, 0.4))
        if fate == "unreachable":
            world.say("X: unreachable")
            return SendResult(Sent.UNSENT, "unsent", detail="nobody answers")
        on_point("connected")
        if world.monotonic() >= deadline:
            world.say("wire: no time left")
            return SendResult(Sent.UNSENT, "unsent", detail="the time ran out before the write")
        if not x.skew_ms and world.ms < x.barred_until.get(self.account, 0):
            x.on_early_call(self.account)
        if fate != "429" and x.knows_already(self.account, text) and text:
            fate = "duplicate"
        by = world.current.owner if world.current else ""
        x.on_bytes(self.account, post, more.get("reposts_id", ""))
        new_id = self._carry_out(fate, text, more | {"by": by})
        on_point("written")
        return self._answer(fate, new_id, deadline)

    def _carry_out(self, fate: str, text: str, more: dict) -> str:
        """Do at X what ``fate`` says; return the new post's id, "" for none."""
        x, world = self.x, self.x.world
        world.say(f"X: {fate} {text or 'repost'}")
        if fate == "duplicate" or not ANSWERS[fate][0]:
            return ""
        late = x.dice.randint(1, LATEST_CREATE_SECONDS * 1000) if fate == "created_late" else 0
        created_ms = world.ms + late
        return x.add(self.account, text, created_ms=created_ms, lag_ms=x.lag_ms(), **more).id

    def _answer(self, fate: str, new_id: str, deadline: float) -> SendResult:
        x, world = self.x, self.x.world
        if fate in HANGS:
            world.sleep(max(0.001, deadline - world.monotonic()))
            return SendResult(Sent.UNKNOWN, "timeout", detail=fate)
        self._take_time()
        if world.monotonic() > deadline and x.dice.random() < 0.5:
            return SendResult(Sent.UNKNOWN, "timeout", detail="woke too late")
        if fate == "duplicate":
            return SendResult(Sent.UNKNOWN, "duplicate", 403, detail="duplicate content")
        _, status, code = ANSWERS[fate]
        if fate == "ok":
            return SendResult(Sent.CREATED, code, status, new_id)
        if fate == "429":
            ends = world.ms + x.dice.choice((30, 120, 700, 2000)) * 1000
            x.barred_until[self.account] = ends
            until = BASE + timedelta(milliseconds=ends)
            window = RateWindow(limit=100, remaining=0, resets_at=until)
            return SendResult(
                Sent.UNKNOWN, code, status, detail=fate, rates=(window,), retry_at=until
            )
        return SendResult(Sent.UNKNOWN, code, status, detail=fate)
