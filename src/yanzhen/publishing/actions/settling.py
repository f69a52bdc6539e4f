"""Settling in: first of all a worker finds out whether its database was restored or copied.

On a copy it freezes the installation, see engine.whereabouts for how it tells and engine.comparing
for what follows. The marker file lies beside the data folder, so that restoring the folder does not
restore the marker; inside it where beside is another file system or cannot be written.
"""

from __future__ import annotations

import logging
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from yanzhen.jobs.registry import CannotStart
from yanzhen.publishing.actions.freezing import freeze_restored, installation_gate
from yanzhen.publishing.engine.whereabouts import (
    UNTOLD,
    Found,
    Life,
    Marker,
    Suspicion,
    read,
    suspect,
    write,
)
from yanzhen.publishing.models import Attempt, Delivery, Gate, Installation

logger = logging.getLogger(__name__)
MARKER_MODE = 0o600


class CannotMark(CannotStart):
    """The marker file cannot be written, so a restored copy could not be told; the message says."""


def marker_paths(folder: Path) -> tuple[Path, Path]:
    """Return where the marker of a data folder lies: beside it, and inside it."""
    return folder.parent / f".{folder.name}.whereabouts", folder / "whereabouts"


def _marker_path(folder: Path) -> Path:
    beside, inside = marker_paths(folder)
    # A mounted volume outlives the system around it: what lies beside it does not.
    same_system = folder.stat().st_dev == folder.parent.stat().st_dev
    return beside if same_system and os.access(folder.parent, os.W_OK) else inside


def _read_markers(folder: Path) -> tuple[Marker | None, bool]:
    """Return the newest marker there is, and whether one of them cannot be read."""
    found: list[Marker] = []
    unreadable = False
    for path in marker_paths(folder):
        try:
            marker = read(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            marker = None
        if marker is None:
            unreadable = True
        else:
            found.append(marker)
    return max(found, key=lambda marker: marker.at, default=None), unreadable


def _write_marker(folder: Path, marker: Marker) -> None:
    """Put the marker in its place, whole or not at all. Raises CannotMark."""
    path = _marker_path(folder)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.touch(mode=MARKER_MODE)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(write(marker))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise CannotMark(
            f"{path} cannot be written ({error.strerror}). Workers keep there how far publishing"
            " has come; give this user the right to write it."
        ) from error


def place() -> str:
    """Return where the database lives, in parts that change when it is restored or copied."""
    if connection.vendor != "postgresql":
        return f"sqlite folder={settings.DATA.stat().st_ino}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        database = cursor.fetchone()[0]
    system = _ask_server("SELECT system_identifier FROM pg_control_system()")
    # The timeline rises when a server is restored to a moment, or a standby takes over. The name
    # of the running log file tells it at once, pg_control_checkpoint() after the next checkpoint.
    log = _ask_server("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    timeline = log if log == UNTOLD else str(int(log[:8], 16))
    return f"postgresql system={system} database={database} timeline={timeline}"


def _ask_server(question: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(question)
            return str(cursor.fetchone()[0])
    except DatabaseError as error:
        logger.warning(
            "PostgreSQL does not tell this user where the database lives (%s). A copy of the whole"
            " server is then only known by the marker file. Grant execute on pg_control_system().",
            str(error).strip(),
        )
        return UNTOLD


def _life() -> Life | None:
    rows = list(Installation.objects.order_by("pk"))
    if not rows:
        return None
    formerly = {row.identity: row.seen_at for row in rows[:-1]}
    return Life(rows[-1].identity, rows[-1].place, formerly)


def _highest() -> int:
    return Attempt.objects.aggregate(highest=Max("pk"))["highest"] or 0


def settle_in(*, now: datetime) -> Suspicion | None:
    """Find out where this worker runs, freeze everything if it is a copy, and write the marker.

    For the start of a worker, before any loop. ``now`` is the database's clock. Returns why it was
    frozen, None when all is as it was. Raises CannotMark.
    """
    folder = settings.DATA
    marker, unreadable = _read_markers(folder)
    here = place()
    with transaction.atomic():
        # Workers that start at once settle in one after the other.
        gate = Gate.objects.select_for_update().get(pk=installation_gate().pk)
        life = _life()
        found = Found(
            here=here,
            used=Delivery.objects.exists(),
            highest=_highest(),
            life=life,
            marker=marker,
            unreadable=unreadable,
            needs_marker=connection.vendor != "postgresql",
        )
        why = suspect(found)
        if why is not None:
            freeze_restored(gate, why=why, now=now)
        if life is None or why is not None:
            identity = _begin(here, now=now)
        else:
            identity = life.identity
            Installation.objects.filter(identity=identity).update(place=here, seen_at=now)
    _write_marker(folder, Marker(identity, found.highest, now))
    if why is not None:
        logger.error("publishing is frozen, this database looks restored or copied: %s", why)
    return why


def _begin(here: str, *, now: datetime) -> str:
    """Give the database a new identity, by which it and its original can be told apart."""
    last = Installation.objects.order_by("-pk").first()
    if last is not None:
        Installation.objects.filter(pk=last.pk).update(seen_at=now)
    identity = secrets.token_hex(16)
    Installation.objects.create(identity=identity, place=here, seen_at=now)
    return identity


def remember(*, now: datetime) -> bool:
    """Bring the marker up to date for a running worker; True when there was something to write.

    A database that is not the one the marker tells of was replaced under this worker: it is looked
    at as at a start. Raises CannotMark.
    """
    folder = settings.DATA
    marker, _unreadable = _read_markers(folder)
    life, highest = _life(), _highest()
    if life is None or (marker is not None and _is_ahead(marker, life, highest)):
        settle_in(now=now)
        return True
    if marker is not None and marker.highest == highest:
        return False
    _write_marker(folder, Marker(life.identity, highest, now))
    return True


def _is_ahead(marker: Marker, life: Life, highest: int) -> bool:
    return marker.identity != life.identity or marker.highest > highest
