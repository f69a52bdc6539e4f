"""Where proofs put down what they measured, so that `make prove` can collect it.

``YANZHEN_FIGURES`` names a file; each figure is one line of JSON in it. Without that variable a
proof only prints.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

ASKED = "YANZHEN_FIGURES"
#: The same inside a test run, whose environment keeps no YANZHEN_ variable of the caller's.
INSIDE = "FIGURES_OF_THIS_RUN"


def keep() -> None:
    """Carry the file's name over to a test run, absolute; its workers inherit it."""
    if asked := os.environ.get(ASKED):
        os.environ[INSIDE] = str(Path(asked).resolve())


def note(promise: str, test: str, figure: str) -> None:
    """Print one figure and, where a file is named, add it there.

    ``promise`` is its number, such as "P7"; ``test`` the node id of the test that measured it.
    """
    print(f"{promise}: {figure}")
    file = os.environ.get(INSIDE) or os.environ.get(ASKED)
    if not file:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"promise": promise, "test": test, "figure": figure, "at": at}
    # One write in append mode: lines of proofs that run side by side never mix.
    with Path(file).open("a", encoding="utf-8") as there:
        there.write(json.dumps(line, ensure_ascii=False) + "\n")
