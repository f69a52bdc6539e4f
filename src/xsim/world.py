"""Everything one fake server holds, in one place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from xsim.clock import Clock
from xsim.faults import Faults
from xsim.ids import Snowflakes, seeded_text
from xsim.limits import Limits
from xsim.store import Store
from xsim.streams import Streams

MEDIA_SECONDS = 1.0


class World:
    """The state of one server.

    Whoever touches it holds ``lock``, briefly, and never while waiting.
    """

    def __init__(self, *, seed: int = 1, path: str | None = None) -> None:
        self.seed = seed
        self.lock = threading.RLock()
        self.store = Store(path, self.lock)
        self.clock = Clock()
        self.limits = Limits()
        self.faults = Faults()
        self.streams = Streams()
        self.nonces: dict[str, None] = {}
        # Where the pages are reached; the server sets it.
        self.base = ""
        # Seconds that X takes to work on a video or an animated GIF.
        self.media_seconds = MEDIA_SECONDS
        self._listeners: list[Callable[[str, Any], None]] = []
        self._flakes = self._fresh_flakes()

    def now_ms(self) -> int:
        """Tell the virtual moment in milliseconds."""
        return self.clock.now_ms()

    def next_post_id(self) -> int:
        """Give the next post id for the virtual moment."""
        return self._flakes.next(self.now_ms())

    def listen(self, listener: Callable[[str, Any], None]) -> None:
        """Be called with every event: its name, and the post or user it is about."""
        self._listeners.append(listener)

    def tell(self, event: str, about: object) -> None:
        """Tell everybody who listens that something has happened."""
        for listener in self._listeners:
            listener(event, about)

    def mint(self, purpose: str, length: int) -> str:
        """Make a new secret or key: unpredictable in look, the same again for the same seed and
        history.
        """
        return seeded_text(self.seed, purpose, self.store.count("minted"), length)

    def forget(self, *, accounts: bool) -> None:
        """Empty the world; ``accounts`` False keeps users, apps and tokens."""
        self.store.wipe(accounts=accounts)
        self.limits.clear()
        self.faults.clear()
        self.streams.clear()
        self.clock.follow_real()
        self.nonces.clear()
        self.media_seconds = MEDIA_SECONDS
        self._flakes = self._fresh_flakes()

    def _fresh_flakes(self) -> Snowflakes:
        return Snowflakes(worker=self.seed, last=self.store.number("SELECT max(id) FROM posts"))
