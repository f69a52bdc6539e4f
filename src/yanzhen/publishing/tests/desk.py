"""A desk for the tests of publishing: a team, the practice server, and posts that have passed."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings as live_settings

from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.channels.actions import connect_with_tokens
from yanzhen.channels.models import Account
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW, Cast
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.looking import confirm_resend
from yanzhen.publishing.actions.resolving import propose_resend
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.models import Delivery
from yanzhen.review.actions.rounds import pass_step
from yanzhen.review.tests.rounds import make_post, submitted, waiting_step

TIMEOUT_SECONDS = 2
POSTING = {"method": "POST", "route": "/2/tweets"}


class Clock:
    """The database's clock for this test: real, plus what was waited for."""

    def __init__(self, monkeypatch) -> None:
        self.ahead = timedelta()
        real = clock.database_now
        monkeypatch.setattr(clock, "database_now", lambda: real() + self.ahead)

    @property
    def now(self) -> datetime:
        return clock.database_now()


@dataclass
class Desk:
    """Everything a publishing test needs. ``sim`` is the fake X, its own ledger included."""

    cast: Cast
    clock: Clock
    url: str
    sim: object
    keys: dict
    account: Account = field(init=False)
    counter: int = 0

    def __post_init__(self) -> None:
        self.account = self.connect("Ferrow")

    @property
    def now(self) -> datetime:
        return self.clock.now

    def connect(self, handle: str) -> Account:
        """Connect an account with keys that never expire."""
        told = self.keys["tokens"][handle]["oauth1"]
        return connect_with_tokens(
            self.cast.admin,
            None,
            app=AppKeys(
                consumer_key=self.keys["consumer_key"],
                consumer_secret=self.keys["consumer_secret"],
            ),
            tokens=Tokens("oauth1", told["access_token"], secret=told["access_token_secret"]),
            now=NOW,
        )

    def text(self) -> str:
        """Give a text that nobody has posted before."""
        self.counter += 1
        return f"Goose number {self.counter} takes the lead. 第 {self.counter} 只雁领飞。"

    def written(self, *texts: str, account: Account | None = None) -> Post:
        return make_post(account or self.account, self.cast.zhou, *(texts or (self.text(),)))

    def passed(self, *texts: str, account: Account | None = None) -> Post:
        """Write a post without a time and pass all three levels."""
        round_ = submitted(account or self.account, self.cast.zhou, *(texts or (self.text(),)))
        for member in (self.cast.lin, self.cast.lena):
            pass_step(waiting_step(round_), by=member, now=NOW)
        return Post.objects.get(pk=round_.post_id)

    def timed(self, post: Post, *, minutes: float = 0) -> Post:
        """Give the post a time so many minutes from now, the running minute when 0."""
        wall = (self.now + timedelta(minutes=minutes)).astimezone(UTC).replace(tzinfo=None)
        return time_post(post, by=self.cast.lin, wall=wall, zone="UTC", now=NOW)

    def due(self, *texts: str, account: Account | None = None) -> Delivery:
        """Give the first delivery of a passed post that is due this minute."""
        post = self.timed(self.passed(*texts, account=account))
        return Delivery.objects.get(post=post, position=0)

    def wait(self, seconds: float) -> None:
        """Let time pass, here and at X."""
        self.clock.ahead += timedelta(seconds=seconds)
        self.sim.advance(seconds)

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until ``moment``, so that how long the test itself takes plays no part."""
        self.wait(max((moment - self.now).total_seconds(), 0))

    def send(self) -> int:
        """Send everything that is due, as a worker would; return how many were tried."""
        return sum(run_lane(pk, owner="test") for pk in accounts_due(self.now))

    def turn(self) -> None:
        """One turn of every loop."""
        reap(self.now)
        self.send()
        reconcile(self.now)

    def settle(self) -> None:
        """Turn until the settle window is over."""
        for seconds in (0, 6, 15, 40, 120, 420, 61, 61):
            self.wait(seconds)
            self.turn()

    def resend(self, delivery: Delivery) -> None:
        """Let two members send again what may have landed: Lin proposes, Lena confirms."""
        resend = propose_resend(delivery, reason="Not there", by=self.cast.lin, now=self.now)
        confirm_resend(resend, by=self.cast.lena, now=self.now)

    def posts(self, handle: str = "Ferrow") -> list[dict]:
        return [post for post in self.sim.posts(handle) if post["deleted_at"] is None]

    def creates(self) -> int:
        """Count the create requests X has seen, whatever became of them."""
        return self.sim.journal(method="POST", route="/2/tweets")["total"]


def use_platform(settings, monkeypatch, folder, url: str, **env: object) -> None:
    """Make the fake X at ``url`` the platform of this test, with keys in a folder of its own."""
    env = {
        "x_timeout_seconds": TIMEOUT_SECONDS,
        "x_api_base_url": url,
        "most_posts_an_hour": 100_000,
        **env,
    }
    settings.ENV = replace(live_settings.ENV, **env)
    there = XPlatform(
        api_base=url, auth_base=url, web_base=url, timeout_seconds=env["x_timeout_seconds"]
    )
    module = types.ModuleType("publishing_test_adapters")
    module.PLATFORMS = {"x": there}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.YANZHEN_ADAPTERS = module.__name__
    settings.DATA = folder
    (folder / "keys").mkdir(exist_ok=True)
