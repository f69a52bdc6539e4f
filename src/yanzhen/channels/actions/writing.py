"""Acting as an account where the public sees it. Only publishing.engine.send may import this.

The contract "Only the one sender may write to X" in pyproject.toml holds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yanzhen.channels.actions.authority import good_tokens
from yanzhen.channels.models import Account
from yanzhen.channels.ports import Writer


@dataclass(frozen=True, slots=True)
class OpenWriter:
    """A ports.Writer and the ``generation`` of the tokens it uses."""

    inner: Writer
    generation: int


def open_writer(account: Account, *, now: datetime) -> OpenWriter:
    """Return a writer that acts as ``account``; opens no connection yet.

    Raises as authority.open_session does.
    """
    inner, generation = good_tokens(account, now=now).writer()
    return OpenWriter(inner, generation)
