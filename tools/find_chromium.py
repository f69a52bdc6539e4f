"""Find the browser for the end-to-end tests.

``python -m tools.find_chromium`` prints its path, or says how to get one (exit 1).
"""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GET_ONE = (
    "Chromium is missing: install it (Debian: apt-get install chromium fonts-noto-cjk) "
    "or point CHROMIUM at one."
)


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome; CHROMIUM overrides the search. None: there is none."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Print the path, or how to get one."""
    path = find_chromium()
    print(path or GET_ONE)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
