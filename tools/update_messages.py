"""Bring every catalogue up to date with the code: new sentences come in empty, gone ones leave.

``python -m tools.update_messages``; translations that still apply are not touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

from tools.catalogues import (
    PACKAGE,
    Message,
    catalogue_path,
    key_of,
    messages_of,
    new_catalogue,
    read_catalogue,
    rooms,
)


def update_room(room: Path) -> tuple[int, int]:
    """Rewrite one room's catalogue if the code moved on; return how many came and how many left."""
    path = catalogue_path(room)
    wanted = messages_of(room)
    if not wanted and not path.exists():
        return 0, 0
    catalogue = read_catalogue(path) if path.exists() else new_catalogue()
    gone = [entry for entry in catalogue if entry.obsolete or key_of(entry) not in wanted]
    for entry in gone:
        catalogue.remove(entry)
    present = {key_of(entry) for entry in catalogue}
    new = [message for key, message in wanted.items() if key not in present]
    catalogue.extend(_entry(message) for message in new)
    if new or gone:
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
    return len(new), len(gone)


def _entry(message: Message) -> polib.POEntry:
    plural = message.plural
    return polib.POEntry(
        msgctxt=message.key.context,
        msgid=message.key.singular,
        msgid_plural=plural or "",
        msgstr_plural={0: ""} if plural else {},
        flags=["python-format"] if "%(" in message.key.singular + (plural or "") else [],
    )


def main() -> int:
    """Update every room and say what changed."""
    for room in rooms(PACKAGE):
        new, gone = update_room(room)
        if new or gone:
            print(f"{room.name}: {new} to translate, {gone} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
