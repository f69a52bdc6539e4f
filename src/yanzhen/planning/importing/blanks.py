"""Files to fill in: our own columns with two rows that show how."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

import xlsxwriter
from django.utils.translation import gettext as _

from yanzhen.channels.models import Account

COLUMNS: Sequence[str] = (
    *("account", "date", "time", "zone", "text", "thread_2", "thread_3", "title", "campaign"),
)
_WIDE = frozenset({"text", "thread_2", "thread_3"})


def blank_rows(account: Account | None, *, now: datetime) -> list[list[str]]:
    """Return the header and two example rows for tomorrow week, in the reader's language."""
    handle = f"@{account.handle}" if account else "@account"
    zone = account.zone if account else "UTC"
    day = f"{now + timedelta(days=8):%Y-%m-%d}"
    one = [handle, day, "09:30", zone, _("Text of a single post"), "", "", _("Working title"), ""]
    thread = [
        *(handle, day, "17:00", "", _("First post of a thread")),
        *(_("Second post of the thread"), _("Third post of the thread"), "", ""),
    ]
    return [list(COLUMNS), one, thread]


def blank_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the rows as UTF-8 CSV, with the mark that makes Excel read it as UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def blank_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the rows as an Excel file whose cells are all text, so that Excel alters no date."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        as_text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        head = book.add_format({"bold": True, "bottom": 1})
        for place, name in enumerate(rows[0]):
            sheet.set_column(place, place, 42 if name in _WIDE else 15, as_text)
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell, head if number == 0 else as_text)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
