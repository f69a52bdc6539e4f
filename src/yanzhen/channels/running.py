"""Running errands: taken by compare-and-set, answered under a fence, picked up after a death.

Only a process that may open stored secrets gets here. Several workers, and several threads of one,
may run errands at once; each row is taken by whoever moves it first.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connections
from django.db.models import Q

from yanzhen.channels.closing import is_closed
from yanzhen.channels.errands import (
    BROKEN,
    ELSEWHERE,
    KINDS,
    LOOP,
    MOVED,
    NOT_ALLOWED,
    SEALED,
    WORKER_DIED,
    Answer,
    ErrandKind,
)
from yanzhen.channels.models import Errand
from yanzhen.channels.opening import opener
from yanzhen.channels.platforms import platform
from yanzhen.channels.states import ERRAND, ErrandState
from yanzhen.channels.vault import VaultClosed, WrongSeal
from yanzhen.jobs.registry import Loop, register
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed

logger = logging.getLogger(__name__)

#: Errands one worker runs at a time; each may wait for X as long as X lets it.
AT_ONCE = 8
#: Answers are kept this long: for the page that waits, and for whoever comes back to it. What
#: failed may be something to do at X by hand, so it stays longer.
KEPT, FAILED_KEPT = timedelta(days=2), timedelta(days=30)
#: What is shorter than this is no secret worth blanking, and might be any word.
_SHORTEST_SECRET = 6
_BLANK = "…"

_pool: ThreadPoolExecutor | None = None
_free = threading.Semaphore(AT_ONCE)


def run_errands(now: datetime) -> int:
    """Hand what waits to this worker's threads; return how many were taken. For the loop."""
    global _pool  # noqa: PLW0603 -- made when first needed, once for the process
    if is_closed():
        return 0
    if _pool is None:
        opener()
        _pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="errand")
    taken = 0
    while _free.acquire(blocking=False):
        errand = None
        try:
            errand = take_next(now)
        finally:
            if errand is None:
                _free.release()
        if errand is None:
            break
        taken += 1
        _pool.submit(_in_thread, errand)
    return taken


def run_waiting(now: datetime) -> int:
    """Run what waits, one after the other, in this thread; return how many. For commands."""
    done = 0
    while (errand := take_next(now)) is not None:
        carry_out(errand)
        done += 1
    return done


def take_next(now: datetime) -> Errand | None:
    """Take the errand that has waited longest, or one whose worker died; None when there is none.

    What may not be done twice and was left behind is answered as such on the way.
    """
    known = Errand.objects.filter(kind__in=KINDS).select_related("account", "member", "workspace")
    for errand in known.left_behind(now):
        kind = KINDS[errand.kind]
        if not kind.repeatable:
            _answer(errand, Answer.failed(WORKER_DIED))
        elif _take(errand, "take over", kind, now=now):
            return errand
    for errand in known.waiting(now)[:AT_ONCE]:
        if _take(errand, "take", KINDS[errand.kind], now=now):
            return errand
    return None


def carry_out(errand: Errand) -> None:
    """Run one errand that this thread has taken, and write its answer unless the fence has risen.

    Nothing is raised for what goes wrong: that is the answer.
    """
    kind = KINDS[errand.kind]
    try:
        answer = _elsewhere(errand) or kind.run(errand)
    except (VaultClosed, WrongSeal) as trouble:
        logger.error("errand %s: %s", errand.kind, trouble)  # noqa: TRY400 -- the trace adds nothing
        answer = Answer.failed(SEALED)
    except PermissionDenied:
        answer = Answer.failed(NOT_ALLOWED)
    except MoveRefused as refused:
        answer = Answer.failed(MOVED, found=refused.found)
    except Exception as error:  # noqa: BLE001 -- whatever it was, the page gets an answer
        # Its words may repeat what the errand carried, so only its place is logged.
        logger.error("errand %s broke: %s", errand.kind, _where(error))  # noqa: TRY400 -- see above
        answer = Answer.failed(BROKEN)
    _answer(errand, answer, spent=errand.attempts >= kind.attempts)


def _elsewhere(errand: Errand) -> Answer | None:
    """Refuse what was asked while another X was set: practice and X must never mix."""
    if errand.origin == platform("x").origin:
        return None
    return Answer.failed(ELSEWHERE, handle=errand.account.handle if errand.account else "–")


def payload_of(errand: Errand) -> dict[str, str]:
    """Return what was sealed for the errand, {} for nothing. Raises VaultClosed, WrongSeal."""
    if not errand.sealed:
        return {}
    found: dict[str, str] = json.loads(opener().open(errand.sealed, errand.place))
    return found


def asked_by(errand: Errand) -> Member:
    """Return who asked, as they are now: roles may have changed since. Raises NotAllowed."""
    members = Member.objects.active().with_roles().select_related("workspace")
    found = members.filter(pk=errand.member_id or 0).first()
    if found is None:
        raise NotAllowed(Decision.ACCOUNT_CONNECT, "no_right")
    return found


def forget_old(*, now: datetime) -> int:
    """Delete answers that nobody waits for any more; return how many rows went."""
    old = Q(state=ErrandState.DONE, done_at__lt=now - KEPT)
    old |= Q(state=ErrandState.FAILED, done_at__lt=now - FAILED_KEPT)
    return Errand.objects.filter(old).delete()[0]


def _in_thread(errand: Errand) -> None:
    try:
        carry_out(errand)
    finally:
        connections.close_all()
        _free.release()


def _take(errand: Errand, move: str, kind: ErrandKind, *, now: datetime) -> bool:
    try:
        ERRAND.apply(
            errand,
            move,
            now=now,
            owner=f"{socket.gethostname()}:{os.getpid()}"[:80],
            attempts=errand.attempts + 1,
            lease_until_at=now + timedelta(seconds=kind.lease_seconds),
        )
    except MoveRefused:
        return False
    return True


def _answer(errand: Errand, answer: Answer, *, spent: bool = True) -> None:
    now = clock.database_now()
    told = {"code": answer.code, "words": _without_secrets(errand, answer)}
    writes: dict[str, Any] = {"answer": told, "lease_until_at": None}
    try:
        if answer.again_at is not None and not spent:
            ERRAND.apply(errand, "put back", now=now, due_at=answer.again_at, **writes)
            return
        move = "finish" if answer.ok else "fail"
        ERRAND.apply(errand, move, now=now, done_at=now, sealed=b"", **writes)
    except MoveRefused:
        logger.warning("errand %s: an answer came too late and is dropped", errand.kind)


def _without_secrets(errand: Errand, answer: Answer) -> dict[str, str]:
    if errand.for_account or not answer.words or not errand.sealed:
        return dict(answer.words)
    try:
        secrets = [value for value in payload_of(errand).values() if len(value) >= _SHORTEST_SECRET]
    except (VaultClosed, WrongSeal):
        secrets = []
    told = dict(answer.words)
    for secret in secrets:
        told = {name: word.replace(secret, _BLANK) for name, word in told.items()}
    return told


def _where(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


register(Loop(LOOP, run_errands, every_seconds=0.25, alone=False, budget_seconds=5))
