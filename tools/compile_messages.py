"""Compile the catalogues that changed since they were last compiled.

``python -m tools.compile_messages`` needs polib only, so that `make run` needs no GNU gettext.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "yanzhen"


def compile_package(package: Path = PACKAGE) -> list[Path]:
    """Write a .mo beside every .po that is newer than it; return those written."""
    written = []
    for source in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(target))
        written.append(target)
    return written


def main() -> int:
    """Compile and say how many changed."""
    if written := compile_package():
        print(f"Compiled {len(written)} catalogues")
    return 0


if __name__ == "__main__":
    sys.exit(main())
