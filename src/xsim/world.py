"""Everything one fake server holds, in one place."""

from __future__ import annotations

import threading

from xsim.clock import Clock
from xsim.faults import Faults
from xsim.ids import Snowflakes, seeded_text
from xsim.limits import Limits
from xsim.store import Store


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
        self.nonces: dict[str, None] = {}
        self._flakes = self._fresh_flakes()

    def now_ms(self) -> int:
        """Tell the virtual moment in milliseconds."""
        return self.clock.now_ms()

    def next_post_id(self) -> int:
        """Give the next post id for the virtual moment."""
        return self._flakes.next(self.now_ms())

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
        self.clock.follow_real()
        self.nonces.clear()
        self._flakes = self._fresh_flakes()

    def _fresh_flakes(self) -> Snowflakes:
        return Snowflakes(worker=self.seed, last=self.store.number("SELECT max(id) FROM posts"))
