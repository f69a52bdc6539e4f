"""Gate: files stay readable, and a few things that grow into trouble stay out.

``python -m tools.check_sizes`` lists what is too long or forbidden (exit 1) and warns of what is
getting there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {"migrations", "built", "collected", "locale", "__pycache__"}


@dataclass(frozen=True)
class Limit:
    """Lines a kind of file may have before we say so, and before we refuse."""

    warn: int
    refuse: int


LIMITS = {
    ".py": Limit(400, 600),
    ".js": Limit(400, 600),
    ".html": Limit(250, 250),
    ".css": Limit(400, 400),
}


@dataclass(frozen=True)
class Ban:
    """A pattern that must not occur in files of one kind, and what to do instead."""

    suffix: str
    pattern: re.Pattern[str]
    instead: str


def _ban(suffix: str, pattern: str, instead: str) -> Ban:
    return Ban(suffix, re.compile(pattern, re.IGNORECASE | re.DOTALL), instead)


BANS = (
    _ban(
        ".py",
        r"\b(?:pre|post)_(?:save|delete|init)\b|\bm2m_changed\b|@receiver\(",
        "no model signals: call record() in the action and subscribe",
    ),
    _ban(".html", r"\bhx-on\b", "no hx-on: it needs eval; write a custom element"),
    _ban(
        ".html",
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)",
        "no inline script: put it in assets",
    ),
    _ban(".html", r"<style\b", "no style element: put it in assets"),
    _ban(".html", r"<[^>]+\son[a-z]+=", "no inline event handler: write a custom element"),
    _ban(
        ".html",
        r"""\sstyle=(["'])(?!(?:\s*(?:--[\w-]+\s*:[^;"']*|\{%[^%]*%\})\s*;?)*\s*\1)""",
        "inline style may only set custom properties",
    ),
)


def _files(root: Path) -> Iterator[Path]:
    for folder in ("src", "tools"):
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in LIMITS and not SKIPPED & set(relative.parts) and path.is_file():
                yield path


def check_tree(root: Path = ROOT) -> tuple[list[str], list[str]]:
    """Return (faults, warnings) for every file under ``root``, as lines for people."""
    faults: list[str] = []
    warnings: list[str] = []
    for path in _files(root):
        text = path.read_text(encoding="utf-8")
        name, lines, limit = path.relative_to(root), text.count("\n"), LIMITS[path.suffix]
        if lines > limit.refuse:
            faults.append(f"{name}: {lines} lines, at most {limit.refuse}: split it by noun")
        elif lines > limit.warn:
            warnings.append(f"{name}: {lines} lines, better under {limit.warn}")
        faults += [f"{name}:{line}: {instead}" for line, instead in find_banned(path, text)]
    return faults, warnings


def find_banned(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield line and remedy of everything in ``text`` that must not be there."""
    if "tools" in path.parts and path.suffix == ".py":
        return  # these files name what they forbid
    for ban in BANS:
        if ban.suffix == path.suffix:
            for match in ban.pattern.finditer(text):
                yield text.count("\n", 0, match.start()) + 1, ban.instead


def main() -> int:
    """Print warnings and faults."""
    faults, warnings = check_tree()
    for line in (*(f"note: {warning}" for warning in warnings), *faults):
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
