"""Rows as CSV and as an Excel file, neither of them held in memory."""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Iterator
from typing import IO

import xlsxwriter

from yanzhen.planning.cells import harmless, told_apart
from yanzhen.planning.exporting.rows import Rows

_WIDE = frozenset({"text", "thread_2", "thread_3"})


class _Echo:
    """Stands in for a file: what is written is handed back."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def csv_lines(rows: Rows) -> Iterator[bytes]:
    """Yield the rows as UTF-8 CSV, with the mark that makes Excel read it as UTF-8 before them."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8 + writer.writerow(rows.header).encode()
    for cells in rows.cells:
        yield writer.writerow([harmless(cell) for cell in cells]).encode()


def xlsx_file(rows: Rows) -> IO[bytes]:
    """Return the rows as an open Excel file, at its beginning; whoever closes it removes it.

    All cells are text, so that Excel alters no date and runs no formula.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it once it is sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        as_text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        head = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(rows.header):
            sheet.set_column(place, place, 42 if name in _WIDE else 15, as_text)
            sheet.write_string(0, place, name, head)
        for number, cells in enumerate(rows.cells, start=1):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, told_apart(cell), as_text)
    out.seek(0)
    return out
