"""Gate: whoever silences a check says why.

``# noqa: E501 -- the address is one word`` and ``# type: ignore[misc] -- stubs lag`` pass; without
a rule or without a reason they do not. ``python -m tools.check_noqa_reasons`` lists them (exit 1).
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SILENCER = re.compile(r"#\s*(?:ruff:\s*)?(?P<word>noqa|type:\s*ignore|pragma:\s*no cover)")
GOOD = re.compile(
    r"#\s*(?:(?:ruff:\s*)?noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*"
    r"|type:\s*ignore\[[a-z-]+(?:,\s*[a-z-]+)*\]"
    r"|pragma:\s*no cover)\s*(?:--|#)\s*\S+\s+\S+"
)


def find_unexplained(source: str) -> Iterator[tuple[int, str]]:
    """Yield line number and comment of every silenced check without rule or reason."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        comment = token.string
        if token.type != tokenize.COMMENT or not SILENCER.match(comment):
            continue
        if not GOOD.match(comment):
            yield token.start[0], comment


def check_tree(root: Path = ROOT) -> list[str]:
    """Return the faults of every Python file under ``root``, migrations left out."""
    faults = []
    for folder in ("src", "tools"):
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                for line, comment in find_unexplained(path.read_text(encoding="utf-8")):
                    where = f"{path.relative_to(root)}:{line}"
                    faults.append(f"{where}: {comment}  <- name the rule and, after --, the reason")
    return faults


def main() -> int:
    """Print the faults."""
    faults = check_tree()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
