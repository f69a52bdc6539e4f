"""One letter from claimed to settled: taken by compare-and-set, put off with growing waits.

Whoever claims has ``CLAIM`` to send and to write down what came of it; then another may try. What
has an answer is settled under the number of the try, and is never sent again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState, Unsaid

#: How long one try may take before another process takes over. Longer than any time-out.
CLAIM = timedelta(minutes=2)
#: About two hours of trying, by wait_after; then a person must look at what is wrong.
MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=24)
ERROR_LENGTH = 300


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: 15 s doubling up to 1 h."""
    return timedelta(seconds=min(15 * 2 ** max(tries - 1, 0), 3600))


def spread(wait: timedelta) -> timedelta:
    """Return the wait with up to a fifth added by chance: what fails together must not return so.

    The spread is small against the wait, and never makes it shorter.
    """
    return wait * (1 + secrets.randbelow(200) / 1000)


def claim(letter: Letter, *, now: datetime) -> bool:
    """Take a due letter by compare-and-set, and tell whether it is ours."""
    until = now + CLAIM
    mine = Letter.objects.filter(
        pk=letter.pk, state=LetterState.DUE, due_at=letter.due_at, tries=letter.tries
    )
    if not mine.update(due_at=until, held=False, tries=F("tries") + 1):
        return False
    letter.due_at, letter.held, letter.tries = until, False, letter.tries + 1
    return True


def _write(letter: Letter, **values: object) -> bool:
    """Write what came of our try, unless another one has been made meanwhile."""
    ours = Letter.objects.filter(pk=letter.pk, state=LetterState.DUE, tries=letter.tries)
    return bool(ours.update(**values))


@transaction.atomic
def settle(
    letter: Letter,
    *,
    remote: Mapping[str, str] | None = None,
    offers: Sequence[Sequence[str]] = (),
    mark: str = "",
    now: datetime,
) -> bool:
    """Note that it arrived, where its message is, what that offers and a mark of what it says."""
    message, known = letter.rewrites_id, {"remote": remote or {}, "offers": offers, "mark": mark}
    sent = {"state": LetterState.SENT, "settled_at": now, "error": "", "extra": {}}
    written = _write(letter, **sent, **(known if message is None else {}))
    if written and message is not None:
        Letter.objects.filter(pk=message).update(mark=mark)
    return written


def discard(letter: Letter) -> bool:
    """Delete a new version of a message that says nothing new, unless it was tried again since."""
    ours = Letter.objects.filter(pk=letter.pk, state=LetterState.DUE, tries=letter.tries)
    return bool(ours.delete()[0])


def drop(letter: Letter, why: Unsaid, *, now: datetime) -> bool:
    """Note that nobody is told, and why not."""
    return _write(letter, state=LetterState.DROPPED, settled_at=now, error=why.value, extra={})


def put_off(
    letter: Letter,
    why: str,
    *,
    now: datetime,
    permanent: bool = False,
    after: timedelta | None = None,
) -> bool:
    """Note what came back and when to try again, or that it was given up.

    ``permanent``: no other try would help. ``after`` is how long the other side asks us to wait.
    """
    over = permanent or letter.tries >= MOST_TRIES
    wait = max(spread(wait_after(letter.tries)), min(after or timedelta(), LONGEST_WAIT))
    return _write(
        letter,
        state=LetterState.DEAD if over else LetterState.DUE,
        due_at=now + wait,
        settled_at=now if over else None,
        error=" ".join(why.split())[:ERROR_LENGTH],
    )
