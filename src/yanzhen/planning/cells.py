"""Cells of a spreadsheet that would be taken for a formula, and the mark that keeps them text."""

from __future__ import annotations

import re

#: What a spreadsheet reads as a formula or command, the wide forms of Chinese keyboards included.
_ACTIVE = r"[=+\-@\t\r\n＝＋－＠]"
_HARMFUL = re.compile(rf"'*{_ACTIVE}")
_MARKED = re.compile(rf"'+{_ACTIVE}")


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before what would run as a formula in a CSV file.

    A cell that has apostrophes there already gets one more, so that ``as_written`` loses nothing.
    """
    return f"'{cell}" if _HARMFUL.match(cell) else cell


def told_apart(cell: str) -> str:
    """Return the cell for a file of text cells: marked only where it looks marked."""
    return f"'{cell}" if _MARKED.match(cell) else cell


def as_written(cell: str) -> str:
    """Return what was written before ``harmless`` or ``told_apart`` marked it."""
    return cell[1:] if _MARKED.match(cell) else cell
