"""How large a proof is: small with every test run, full size with PROVE=1."""

from __future__ import annotations

import os
from typing import TypeVar

PROVE = bool(os.environ.get("PROVE"))
Size = TypeVar("Size")


def size(every_day: Size, release: Size) -> Size:
    """Return the first with every test run, the second with PROVE=1."""
    return release if PROVE else every_day
