"""Whose file is this? Recognises a format by its header and brings every row to one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from yanzhen.planning.cells import as_written
from yanzhen.planning.importing.readers import FileRefused, Line, Sheet

MOST_SEGMENTS = 25
_THREAD = re.compile(r"(?:thread|串文)[ _-]?([0-9]{1,2})")

#: What our own columns may be called.
_OWN_NAMES: Mapping[str, str] = {
    name: name for name in ("account", "date", "time", "zone", "text", "title", "campaign")
} | {
    "账号": "account",
    "日期": "date",
    "时间": "time",
    "时区": "zone",
    "正文": "text",
    "标题": "title",
    "活动": "campaign",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One planned post as written, whatever the format. All cells are text, "" where empty.

    ``cells_over`` counts filled cells beyond the header's columns, which nothing can read.
    """

    line: int
    texts: tuple[str, ...]
    account: str = ""
    date: str = ""
    time: str = ""
    zone: str = ""
    title: str = ""
    campaign: str = ""
    cells_over: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file, the ``format`` it came in, and the columns nobody reads."""

    format: str
    rows: list[Row]
    read_as: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A way to lay out a plan. ``needs`` are the lower-case columns that tell it from others."""

    name: str
    needs: frozenset[str]
    read: Callable[[Line, Mapping[str, int]], Row]
    knows: frozenset[str] = field(default_factory=frozenset)


def read_table(sheet: Sheet) -> Table:
    """Return the rows of a sheet in one shape.

    Raises FileRefused when the header is nobody's, naming what was found and what is needed.
    """
    header = [_column_name(cell) for cell in sheet.lines[0].cells]
    found = _recognise(header)
    if found is None and _is_bare_hootsuite(sheet.lines[0]):
        return _table(HOOTSUITE, {"date": 0, "message": 1, "link": 2}, sheet, sheet.lines, 3)
    if found is None:
        raise _nobody_s(sheet.lines[0])
    columns = {name: place for place, name in enumerate(header) if name}
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise FileRefused(
            _("The column “%(name)s” is there twice. Rename or delete one."),
            name=min(doubled),
        )
    return _table(found, columns, sheet, sheet.lines[1:], len(header))


def _table(
    kind: Format, columns: Mapping[str, int], sheet: Sheet, lines: Sequence[Line], width: int
) -> Table:
    ignored = tuple(name for name in columns if name not in kind.knows and not _THREAD.match(name))
    rows = []
    for line in lines:
        row = kind.read(line, columns)
        over = sum(1 for cell in line.cells[width:] if cell.strip())
        rows.append(
            row if not over else Row(line=row.line, texts=row.texts, cells_over=over + width)
        )
    if not rows:
        raise FileRefused(_("The file has a header but no rows."))
    return Table(kind.name, rows, sheet.read_as, ignored)


def _column_name(cell: str) -> str:
    name = cell.strip().lstrip("\ufeff").lower()
    return _OWN_NAMES.get(name, name)


def _recognise(header: Sequence[str]) -> Format | None:
    names = set(header)
    return next((each for each in FORMATS if each.needs <= names), None)


def _nobody_s(line: Line) -> FileRefused:
    shown = ", ".join(cell.strip() for cell in line.cells if cell.strip())
    return FileRefused(
        _(
            "The columns are not known: %(columns)s. The first row needs “account” and “text”, "
            "or the columns of a Hootsuite, Sprout Social or Buffer file."
        ),
        columns=shown[:120],
    )


def _is_bare_hootsuite(line: Line) -> bool:
    """Hootsuite's files may come without a header: when, what, and perhaps a link."""
    cells = [cell.strip() for cell in line.cells]
    while cells and not cells[-1]:
        cells.pop()
    return len(cells) in {2, 3} and _MOMENT.fullmatch(cells[0]) is not None


_MOMENT = re.compile(
    r"(?P<date>[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4})[ T]+(?P<time>[0-9]{1,2}:[0-9]{2}.*)"
)


def _moment(cell: str) -> tuple[str, str]:
    """Part "2026-06-10 17:00" into date and time; leave anything else for the date to refuse."""
    found = _MOMENT.fullmatch(cell.strip())
    return (found["date"], found["time"]) if found else (cell.strip(), "")


def _cell(line: Line, columns: Mapping[str, int], name: str) -> str:
    place = columns.get(name)
    return line.cells[place] if place is not None and place < len(line.cells) else ""


def _own_cell(line: Line, columns: Mapping[str, int], name: str) -> str:
    """Take off what the export put before a cell that looks like a formula."""
    return as_written(_cell(line, columns, name))


def _with_link(text: str, link: str) -> str:
    link = link.strip()
    if not link or link in text:
        return text
    return f"{text} {link}" if text.strip() else link


def _read_own(line: Line, columns: Mapping[str, int]) -> Row:
    places = {
        int(found[1]): place
        for name, place in columns.items()
        if (found := _THREAD.fullmatch(name)) and 2 <= int(found[1]) <= MOST_SEGMENTS  # noqa: PLR2004 -- the second segment
    }
    further = [_own_cell(line, {"": places[n]}, "") if n in places else "" for n in range(2, 26)]
    while further and not further[-1].strip():
        further.pop()
    date, time = (_cell(line, columns, name).strip() for name in ("date", "time"))
    # Excel keeps a date as a moment: alone in its cell it is one, beside a time it is the day.
    day, moment = _moment(date)
    if moment and (not time or moment in {time, "00:00"}):
        date, time = day, time or moment
    return Row(
        line=line.number,
        texts=(_own_cell(line, columns, "text"), *further),
        account=_cell(line, columns, "account").strip(),
        date=date,
        time=time,
        zone=_cell(line, columns, "zone").strip(),
        title=_own_cell(line, columns, "title").strip(),
        campaign=_own_cell(line, columns, "campaign").strip(),
    )


def _read_hootsuite(line: Line, columns: Mapping[str, int]) -> Row:
    date, time = _moment(_cell(line, columns, "date"))
    link = _cell(line, columns, "link") or _cell(line, columns, "url")
    text = _with_link(_cell(line, columns, "message"), link)
    return Row(line=line.number, texts=(text,), date=date, time=time)


def _read_sprout(line: Line, columns: Mapping[str, int]) -> Row:
    text = _with_link(_cell(line, columns, "message_text"), _cell(line, columns, "link"))
    date = _cell(line, columns, "date").strip()
    time = _cell(line, columns, "time_24hr").strip()
    return Row(line=line.number, texts=(text,), date=date, time=time)


def _read_buffer(line: Line, columns: Mapping[str, int]) -> Row:
    date, time = _moment(_cell(line, columns, "posting time"))
    return Row(line=line.number, texts=(_cell(line, columns, "text"),), date=date, time=time)


HOOTSUITE = Format(
    "Hootsuite",
    frozenset({"date", "message"}),
    _read_hootsuite,
    frozenset({"date", "message", "link", "url"}),
)
#: In the order they are tried: ours last but one, because Buffer's has a text column as well.
FORMATS: Sequence[Format] = (
    Format(
        "Sprout Social",
        frozenset({"date", "time_24hr", "message_text"}),
        _read_sprout,
        frozenset({"date", "time_24hr", "message_text", "link"}),
    ),
    Format(
        "Buffer",
        frozenset({"text", "posting time"}),
        _read_buffer,
        frozenset({"text", "posting time"}),
    ),
    Format("Yanzhen", frozenset({"account", "text"}), _read_own, frozenset(_OWN_NAMES.values())),
    HOOTSUITE,
)
