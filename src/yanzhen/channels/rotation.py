"""Changing the vault's keys while everything runs: every sealed column, resealed row by row.

A new pair seals from the moment it is there, the old ones go on opening. Rows are moved over by
compare-and-set on the very bytes that were read, so whoever writes a row meanwhile wins. A room
with sealed columns of its own registers them::

    register_sealed(SealedColumn(Webhook, "sealed", place=lambda row: row.place))
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Substr

from yanzhen.channels.models import Connecting, Credential, DeveloperApp, Errand
from yanzhen.channels.opening import Opener, opener
from yanzhen.channels.vault import CURRENT, ID_BYTES, Place, VaultClosed, WrongSeal

logger = logging.getLogger(__name__)

#: Rows in one transaction: long enough to be quick, short enough to hold nobody up.
BATCH = 25
#: After a change of keys, how long a page may still be about to store what it sealed before.
SETTLE_SECONDS = 60.0


class NotYet(Exception):
    """The old keys may not go; the message says why and what to do."""


@dataclass(frozen=True)
class SealedColumn:
    """One column that holds sealed values, and where each belongs."""

    model: type[models.Model]
    field: str
    place: Callable[[Any], Place]
    related: tuple[str, ...] = ()

    def sealed_otherwise(self, key_id: str) -> models.QuerySet[Any]:
        """Return the rows whose value was sealed with another key than this."""
        return self._by_key().exclude(sealed_by=bytes.fromhex(key_id)).exclude(**{self.field: b""})

    def count_with(self, key_id: str) -> int:
        """Return how many values are sealed with that key."""
        return self._by_key().filter(sealed_by=bytes.fromhex(key_id)).count()

    def _by_key(self) -> models.QuerySet[Any]:
        part = Substr(self.field, 2, ID_BYTES, output_field=models.BinaryField())
        return self.model._default_manager.annotate(sealed_by=part)


COLUMNS: list[SealedColumn] = []


def register_sealed(column: SealedColumn) -> SealedColumn:
    """Add a column to those that are resealed, and return it."""
    COLUMNS.append(column)
    return column


def reseal(*, seconds: float = 10.0) -> int:
    """Reseal what other keys than the current one have sealed; return how many rows moved.

    Stops after about ``seconds``; the next call goes on. Nothing to do is one look at a folder.
    """
    box = opener()
    if len(box.ids()) < 2:  # noqa: PLR2004 -- one pair is all there is
        return 0
    deadline = time.monotonic() + seconds
    return sum(_reseal_column(column, box, deadline) for column in COLUMNS)


def _reseal_column(column: SealedColumn, box: Opener, deadline: float) -> int:
    rows = column.sealed_otherwise(box.current_id())
    rows = rows.select_related(*column.related).order_by("pk")
    moved, last = 0, None
    while time.monotonic() < deadline:
        batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not batch:
            break
        last = batch[-1].pk
        moved += _swap(column, [pair for row in batch for pair in _resealed(column, box, row)])
    return moved


def _resealed(column: SealedColumn, box: Opener, row: Any) -> Iterator[tuple[Any, bytes, bytes]]:
    """Yield the row's key, what it holds, and the same under the current key."""
    old = bytes(getattr(row, column.field))
    try:
        yield row.pk, old, box.reseal(old, column.place(row))
    except (VaultClosed, WrongSeal) as trouble:
        logger.warning("%s %s not resealed: %s", column.model._meta.label, row.pk, trouble)


@transaction.atomic
def _swap(column: SealedColumn, pairs: Sequence[tuple[Any, bytes, bytes]]) -> int:
    """Write a batch in one short transaction; rows that hold something else by now stay."""
    same = column.model._default_manager
    return sum(
        same.filter(pk=pk, **{column.field: old}).update(**{column.field: new})
        for pk, old, new in pairs
    )


def left_with(key_id: str) -> int:
    """Return how many values are still sealed with that key."""
    return sum(column.count_with(key_id) for column in COLUMNS)


def drop_old_keys() -> list[str]:
    """Delete every key but the current one, once nothing is sealed with them; return their ids.

    Raises NotYet.
    """
    box = opener()
    current = box.current_id()
    age = time.time() - (box.folder / CURRENT).stat().st_mtime
    if age < SETTLE_SECONDS:
        wait = round(SETTLE_SECONDS - age)
        raise NotYet(f"The new key is {round(age)} s old. Run this again in {wait} s.")
    old = [key_id for key_id in box.ids() if key_id != current]
    for key_id in old:
        if left := left_with(key_id):
            raise NotYet(
                f"{left} stored values are still sealed with {key_id}. A running worker reseals"
                " them; its log names those it cannot open."
            )
    for key_id in old:
        box.forget(key_id)
    return old


register_sealed(
    SealedColumn(
        Credential, "sealed", place=lambda row: row.account.tokens_place, related=("account",)
    )
)
register_sealed(SealedColumn(DeveloperApp, "sealed", place=lambda row: row.secret_place))
register_sealed(
    SealedColumn(
        Connecting, "sealed_verifier", place=lambda row: row.verifier_place, related=("member",)
    )
)
register_sealed(SealedColumn(Errand, "sealed", place=lambda row: row.place, related=("account",)))
