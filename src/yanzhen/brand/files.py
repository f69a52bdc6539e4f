"""Rules as a CSV file: written so that spreadsheets run nothing, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yanzhen.brand import reading
from yanzhen.brand.rules import MOST_RULES, Language, RuleKind, RuleSpec, Severity
from yanzhen.brand.validity import faults_in
from yanzhen.kernel.text import TextRefused, clean_text

COLUMNS = (
    "kind",
    "severity",
    "language",
    "title",
    "phrases",
    "needs",
    "unless",
    "replacement",
    "most",
    "least_width",
    "least_height",
    "ratios",
    "exact_case",
    "inflect",
    "why",
)
_NEEDED = ("kind", "title")
MOST_BYTES = 1_000_000
_SIGN = " | "
#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YES = frozenset({"yes", "true", "1", "是"})
_NO = frozenset({"no", "false", "0", "否", ""})


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, counted as an editor counts. ``rule`` is None where it has errors."""

    number: int
    title: str
    kind: str
    rule: RuleSpec | None
    errors: Sequence[str] = ()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    """Take back what ``_safe`` put in front."""
    cell = cell.strip()
    shut = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
    return cell[1:] if shut else cell


def _cells(rule: RuleSpec) -> dict[str, str]:
    lists = {name: _SIGN.join(getattr(rule, name)) for name in ("phrases", "needs", "unless")}
    return {
        "kind": rule.kind.value,
        "severity": rule.severity.value,
        "language": rule.language.value,
        "title": rule.title,
        **lists,
        "replacement": rule.replacement,
        "most": "" if rule.most is None else str(rule.most),
        "least_width": str(rule.least_width or ""),
        "least_height": str(rule.least_height or ""),
        "ratios": _SIGN.join(map(reading.as_ratio, rule.ratios)),
        "exact_case": "yes" if rule.exact_case else "no",
        "inflect": "yes" if rule.inflect else "no",
        "why": rule.why,
    }


def write_csv(rules: Iterable[RuleSpec]) -> str:
    """Return the rules as CSV, with the mark that lets Excel read Chinese."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for rule in rules:
        writer.writerow({name: _safe(cell) for name, cell in _cells(rule).items()})
    return "\ufeff" + out.getvalue()


def read_csv(content: bytes) -> list[Line]:
    """Read a file of rules, each line for itself. Raises FileRefused."""
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 1 MB. Split it."))
    try:
        text = clean_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileRefused(_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from None
    except TextRefused as refused:
        raise FileRefused(str(refused)) from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        words = {"line": reader.line_num, "error": error}
        raise FileRefused(_("Line %(line)d is not CSV: %(error)s") % words) from None
    return list(_lines(rows))


def _lines(rows: Sequence[tuple[int, list[str]]]) -> Iterator[Line]:
    if not rows:
        raise FileRefused(_("The file is empty."))
    names = [name.strip().lower() for name in rows[0][1]]
    _check_names(names)
    filled = [(rows[at - 1][0] + 1, row) for at, (_l, row) in enumerate(rows) if at and any(row)]
    if not filled:
        raise FileRefused(_("The file has no rules below its first line."))
    if len(filled) > MOST_RULES:
        words = {"most": MOST_RULES}
        raise FileRefused(_("The file has more than %(most)d rules. Split it.") % words)
    for number, row in filled:
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(names, map(_plain, row), strict=False))
        extra = [] if len(row) <= len(names) else [_("The line has more cells than the first.")]
        yield _line(number, cells, extra)


def _check_names(names: Sequence[str]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        words = {"names": ", ".join(missing), "all": ", ".join(COLUMNS)}
        raise FileRefused(
            _("The first line must name the columns; missing: %(names)s. Known: %(all)s.") % words
        )
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or len(set(names)) < len(names):
        odd = unknown or sorted({name for name in names if names.count(name) > 1})
        words = {"names": ", ".join(odd), "all": ", ".join(COLUMNS)}
        raise FileRefused(
            _("Columns not known, or named twice: %(names)s. Known: %(all)s.") % words
        )


def _line(number: int, cells: Mapping[str, str], errors: list[str]) -> Line:
    choices = {"kind": RuleKind, "severity": Severity, "language": Language}
    standard = {"kind": "", "severity": Severity.WARNING, "language": Language.ANY}
    values: dict[str, object] = {"key": 0}
    for name, options in choices.items():
        cell = cells[name] or standard[name]
        if cell in options.values:
            values[name] = options(cell)
        else:
            words = {"name": name, "cell": cell, "all": ", ".join(options.values)}
            errors.append(_("%(name)s: “%(cell)s” is none of %(all)s.") % words)
    values |= {name: " ".join(cells[name].split()) for name in ("title", "replacement")}
    values["why"] = cells["why"]
    for name in ("phrases", "needs", "unless"):
        values[name] = reading.entries(cells[name], sign="|")
    values |= _numbers(cells, errors)
    for name, default in (("exact_case", False), ("inflect", True)):
        values[name] = _yes_or_no(name, cells[name], default, errors)
    if not errors:
        rule = RuleSpec(**values)  # type: ignore[arg-type]  # read above, name by name
        errors += [f"{name}: {fault}" for name, fault in faults_in(rule)]
        if not errors:
            return Line(number, rule.title, str(rule.kind.label), rule)
    return Line(number, cells["title"], cells["kind"], None, errors)


def _numbers(cells: Mapping[str, str], errors: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in ("most", "least_width", "least_height"):
        try:
            found = reading.number(cells[name])
        except reading.NotRead:
            words = {"name": name, "cell": cells[name]}
            errors.append(_("%(name)s: “%(cell)s” is no whole number.") % words)
            continue
        values[name] = found if name == "most" else found or 0
    try:
        values["ratios"] = reading.ratios(cells["ratios"], sign="|")
    except reading.NotRead as wrong:
        words = {"cell": str(wrong)}
        errors.append(_("ratios: “%(cell)s” is no shape such as 16:9.") % words)
    return values


def _yes_or_no(name: str, cell: str, default: bool, errors: list[str]) -> bool:
    if not cell:
        return default
    if cell.lower() not in _YES | _NO:
        words = {"name": name, "cell": cell}
        errors.append(_("%(name)s: “%(cell)s” is neither yes nor no.") % words)
    return cell.lower() in _YES
