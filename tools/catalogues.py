"""What the code asks to have translated, and what the catalogues answer.

Extraction is pure Python (Django turns templates into calls, Babel reads the calls), so that
nobody needs GNU gettext to add a sentence.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "yanzhen"
LANGUAGE = "zh_Hans"
PLURAL_FORMS = "nplurals=1; plural=0;"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Key(NamedTuple):
    """What gettext looks a message up by."""

    context: str | None
    singular: str

    def __str__(self) -> str:
        """Show it as it would be written in code, shortened."""
        text = textwrap.shorten(self.singular, 70, placeholder="...")
        return f"{text!r} ({self.context})" if self.context else repr(text)


@dataclass
class Message:
    """One sentence of the code; ``places`` are ``file:line``, relative to its room."""

    key: Key
    plural: str | None = None
    places: list[str] = field(default_factory=list)


def rooms(package: Path = PACKAGE) -> list[Path]:
    """List the folders that keep a catalogue of their own, whether or not they have one yet."""
    return sorted(p for p in package.iterdir() if (p / "__init__.py").exists())


def catalogue_path(room: Path) -> Path:
    """Say where the room's Chinese catalogue lies."""
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def messages_of(room: Path) -> dict[Key, Message]:
    """Collect every translatable sentence of a room's code and templates, tests left out.

    Raises ValueError, naming the file, for a template whose tags Django cannot read.
    """
    if not settings.configured:
        settings.configure(USE_I18N=True)  # templatize asks for nothing else
    found: dict[Key, Message] = {}
    for path in _sources(room):
        for line, key, plural in _extract(path):
            message = found.setdefault(key, Message(key, plural))
            message.plural = message.plural or plural
            message.places.append(f"{path.relative_to(room)}:{line}")
    return found


def _sources(room: Path) -> Iterator[Path]:
    for path in sorted(room.rglob("*")):
        parts = set(path.relative_to(room).parts)
        template = path.suffix in {".html", ".txt"} and "templates" in parts
        if (path.suffix == ".py" or template) and not {"tests", "migrations"} & parts:
            yield path


def _extract(path: Path) -> Iterator[tuple[int, Key, str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        try:
            text = templatize(text, origin=str(path))
        except SyntaxError as error:
            raise ValueError(f"{path}: {error}") from error
        # What is left of the markup is no Python, least of all its indentation.
        text = "\n".join(line.lstrip() for line in text.split("\n"))
    stream = io.BytesIO(text.encode())
    for line, message, _comments, context in extract(
        "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            yield line, Key(context, singular), plural


def read_catalogue(path: Path) -> polib.POFile:
    """Read a catalogue without folding its lines, so that writing it back changes nothing else."""
    return polib.pofile(str(path), wrapwidth=0, encoding="utf-8")


def new_catalogue() -> polib.POFile:
    """Start an empty catalogue with the header Django needs."""
    catalogue = polib.POFile(wrapwidth=0, encoding="utf-8")
    catalogue.metadata = {
        "Project-Id-Version": "Yanzhen",
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }
    return catalogue


def key_of(entry: polib.POEntry) -> Key:
    """Return what gettext would look this entry up by."""
    return Key(entry.msgctxt, entry.msgid)


def translations_of(entry: polib.POEntry) -> list[str]:
    """Return every form of the translation; an untranslated entry gives an empty one."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)]
    return [entry.msgstr]
