"""A turn for each of many: one team's fault must not keep the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import models

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=models.Model)


def in_turn(rows: Iterable[Row], do: Callable[[Row], int]) -> int:
    """Call ``do`` with each row, and return how many things were done in all.

    What raises is logged and the next row has its turn; when all have had it, the first fault is
    raised, so that the loop counts as failed.
    """
    done, fault = 0, None
    for row in rows:
        try:
            done += do(row)
        except Exception as error:
            logger.exception("%s %s failed in its turn", row._meta.label, row.pk)
            fault = fault or error
    if fault is not None:
        raise fault
    return done
