"""Gate: every sentence of the code stands in its room's Chinese catalogue, whole and well set.

``python -m tools.check_messages`` lists what is wrong, one line each (exit 1).
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

from tools.catalogues import (
    PACKAGE,
    PLURAL_FORMS,
    Key,
    catalogue_path,
    key_of,
    messages_of,
    read_catalogue,
    rooms,
    translations_of,
)

PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[#0 +-]*[\d.]*[a-z]|%[sd]|\{[a-z_0-9]*\}", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][a-z0-9-]*")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff](?:</[a-z0-9-]+>)?[,.!?;:]")


def check_package(package: Path = PACKAGE) -> list[str]:
    """Return every fault of every room's catalogue, as lines for people."""
    faults: list[str] = []
    seen: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room in rooms(package):
        wanted = messages_of(room)
        path = catalogue_path(room)
        if not path.exists():
            faults += [f"{room.name}: not in any catalogue: {key}" for key in wanted]
            continue
        catalogue = read_catalogue(path)
        faults += [f"{room.name}: {fault}" for fault in check_catalogue(catalogue, set(wanted))]
        for entry in catalogue:
            if not entry.obsolete:
                seen[key_of(entry)]["\n".join(translations_of(entry))].append(room.name)
    return faults + list(_disagreements(seen))


def check_catalogue(catalogue: polib.POFile, wanted: set[Key]) -> Iterator[str]:
    """Yield what one catalogue lacks, has too much, or says badly."""
    if catalogue.metadata.get("Plural-Forms") != PLURAL_FORMS:
        yield f'header: write "Plural-Forms: {PLURAL_FORMS}"'
    if catalogue.metadata_is_fuzzy:
        yield "header: is marked fuzzy"
    present = {key_of(entry) for entry in catalogue if not entry.obsolete}
    for key in sorted(wanted - present, key=str):
        yield f"missing: {key}"
    for key in sorted(present - wanted, key=str):
        yield f"no longer in the code: {key}"
    for entry in catalogue:
        for fault in check_entry(entry):
            yield f"{fault}: {key_of(entry)}"


def check_entry(entry: polib.POEntry) -> Iterator[str]:
    """Yield the faults of one entry."""
    if entry.obsolete:
        yield "obsolete"
        return
    if entry.fuzzy:
        yield "fuzzy"
    forms = translations_of(entry)
    if not forms or not all(forms):
        yield "not translated"
        return
    if len(forms) > 1:
        yield "Chinese has one plural form, this has more"
    for form in forms:
        yield from _compare(entry.msgid_plural or entry.msgid, form)


def _compare(source: str, translation: str) -> Iterator[str]:
    if Counter(PLACEHOLDER.findall(translation)) != Counter(PLACEHOLDER.findall(source)):
        yield "placeholders differ"
    if Counter(TAG.findall(translation)) != Counter(TAG.findall(source)):
        yield "tags differ"
    if wrong := HALF_WIDTH.search(translation):
        yield f"half-width punctuation after Chinese ({wrong.group()!r})"


def _disagreements(seen: dict[Key, dict[str, list[str]]]) -> Iterator[str]:
    """Two rooms that translate one message in two ways: Django would take one for both."""
    for key, translations in seen.items():
        if len(translations) > 1:
            told = "; ".join(f"{', '.join(who)}: {text!r}" for text, who in translations.items())
            yield f"translated in two ways: {key}: {told}"


def main() -> int:
    """Print the faults and how many there are."""
    faults = check_package()
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults in the catalogues; `make messages` adds what is missing")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
