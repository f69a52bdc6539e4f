"""From the bytes of a file to lines of cells, whatever program wrote it."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 5_000
_MOST_UNPACKED_BYTES = 60 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_DELIMITERS = ",;\t|"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


class FileRefused(ValueError):
    """The whole file cannot be read; ``str()`` says what to do, put together when it is read."""

    def __init__(self, sentence: str | _StrPromise, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence) % self.values


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``number`` is where it begins in the file, counted from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines that hold anything, and how they were read: an encoding's name, or "XLSX"."""

    lines: list[Line]
    read_as: str


def read_sheet(content: bytes) -> Sheet:
    """Return the first sheet of an Excel file, or the lines of a CSV file.

    What the bytes are decides, not the file's name. Raises FileRefused.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 2 MB. Split it into several files."))
    if content[:4] == b"PK\x03\x04":
        return Sheet(_kept(_excel_lines(content)), "XLSX")
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise FileRefused(_("This is an old Excel file (.xls). Save it as .xlsx or CSV UTF-8."))
    text, encoding = decode(content)
    return Sheet(_kept(_csv_lines(text)), encoding)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: UTF-8, UTF-16 or GB18030.

    Raises FileRefused when none of them gives text that anybody would write.
    """
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _decode_as(content, codec, name), name
    wide = _wide_codec(content)
    if wide:
        return _decode_as(content, wide, "UTF-16"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not _reads_as_chinese(text):
        raise FileRefused(
            _("The file's encoding cannot be told. In Excel, save it as “CSV UTF-8”, or as .xlsx.")
        )
    return text, "GB18030"


def _decode_as(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as wrong:
        raise FileRefused(
            _(
                "The file says it is %(encoding)s, but byte %(position)d is not. "
                "Save it again as “CSV UTF-8”."
            ),
            encoding=name,
            position=wrong.start + 1,
        ) from wrong


def _wide_codec(content: bytes) -> str:
    """UTF-16 without its mark: every ASCII character brings a zero byte on the same side."""
    head = content[:2000]
    if len(head) < 8:  # noqa: PLR2004 -- too short to tell
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 8
    if odd > enough and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > enough and odd == 0 else ""


def _reads_as_chinese(text: str) -> bool:
    """GB18030 takes almost any bytes; real Chinese is common characters that stand together."""
    runs = _BEYOND_ASCII.findall(text)
    if not runs:
        return False
    characters = "".join(runs)
    common = sum(1 for each in characters if _is_common(each))
    return common >= 0.9 * len(characters) and len(characters) >= 2 * len(runs)


def _is_common(character: str) -> bool:
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return character > "\uffff"
    # Rows 1 to 3 are punctuation, 16 to 55 the everyday characters.
    return encoded[0] <= 0xA3 or 0xB0 <= encoded[0] <= 0xD7  # noqa: PLR2004 -- rows of GB 2312


def _csv_lines(text: str) -> Iterator[Line]:
    first, _end, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=,"):
        delimiter, text, skipped = first.strip()[-1], rest, 1
    else:
        delimiter = max(_DELIMITERS, key=lambda each: _columns(first, each))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1 + skipped
    try:
        for cells in reader:
            yield Line(begins, cells)
            begins = reader.line_num + 1 + skipped
    except csv.Error as wrong:
        raise FileRefused(
            _(
                "The row that begins in line %(line)d cannot be read: a quotation mark is open or "
                "out of place. Put text with commas or line breaks in quotes, and write quotes "
                "inside it twice."
            ),
            line=begins,
        ) from wrong


def _columns(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _excel_lines(content: bytes) -> Iterator[Line]:
    refused = FileRefused(_("The Excel file cannot be opened. Save it again, or as CSV UTF-8."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _MOST_UNPACKED_BYTES:
            raise FileRefused(_("The Excel file unpacks to too much. Split it into several files."))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, IndexError) as wrong:
        raise refused from wrong
    for number, row in enumerate(rows, start=1):
        yield Line(number, [_as_text(value) for value in row])


def _as_text(value: object) -> str:
    """Excel knows dates and numbers; write them as a person would type them."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _kept(lines: Iterator[Line]) -> list[Line]:
    kept = []
    for line in lines:
        if any(cell.strip() for cell in line.cells):
            kept.append(line)
        if len(kept) > MOST_ROWS + 1:
            raise FileRefused(
                _("The file has more than %(most)d rows. Split it into several files."),
                most=MOST_ROWS,
            )
    if not kept:
        raise FileRefused(_("The file is empty."))
    return kept
