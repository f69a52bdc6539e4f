"""The notebook of the test of approved bytes: it, not the product, knows who did what."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Noted:
    """What people did with one post. ``words`` are what its author signed last, None if nothing."""

    author: str
    writers: set[str]
    words: tuple[str, ...] | None = None
    passed: list[str] = field(default_factory=list)

    @property
    def may_go_out(self) -> bool:
        others = set(self.passed) - self.writers
        return self.words is not None and len(others) >= 2 and len({self.author, *others}) >= 3
