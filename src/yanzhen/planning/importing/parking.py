"""Keeps a checked file between the dry run and the decision: with the person, sealed.

Nothing is stored, so nothing has to be cleaned up and no half-done import can be found later. The
seal binds the file to the member who checked it and lasts an hour.
"""

from __future__ import annotations

import base64
import json
import zlib

from django.core.signing import BadSignature, TimestampSigner

from yanzhen.planning.importing.dates import DateOrder
from yanzhen.planning.importing.plan import Source
from yanzhen.planning.importing.readers import MOST_BYTES

GOOD_FOR_SECONDS = 3600
_LEVEL = 6


class ParkedLost(Exception):
    """The parked file is too old, was altered, or belongs to somebody else."""


def _signer(member_id: int) -> TimestampSigner:
    return TimestampSigner(salt=f"planning.import.{member_id}")


def park(source: Source, *, member_id: int) -> str:
    """Return the file and its options as one sealed line of text."""
    label = json.dumps([source.name, source.account, source.order.value]).encode()
    packed = zlib.compress(label + b"\n" + source.content, _LEVEL)
    return _signer(member_id).sign(base64.b64encode(packed).decode("ascii"))


def unpark(parked: str, *, member_id: int) -> Source:
    """Return what ``park`` was given. Raises ParkedLost."""
    try:
        sealed = _signer(member_id).unsign(parked, max_age=GOOD_FOR_SECONDS)
    except BadSignature as wrong:
        raise ParkedLost from wrong
    opened = zlib.decompressobj().decompress(base64.b64decode(sealed), MOST_BYTES + 4096)
    label, _newline, content = opened.partition(b"\n")
    name, account, order = json.loads(label)
    return Source(name=name, content=content, account=account, order=DateOrder(order))
