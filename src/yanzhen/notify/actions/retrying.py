"""Trying again what was given up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.notify.events import LETTER_RETRIED, LetterRetried
from yanzhen.notify.models import LetterQuerySet
from yanzhen.notify.states import LetterState
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


@transaction.atomic
def retry_letters(letters: LetterQuerySet, *, by: Member, now: datetime) -> int:
    """Owe dead letters again, with all their tries; return how many. Raises NotAllowed.

    Letters that are not dead (any more), or that the member may not see, are left alone.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=by.workspace_id)
    mine = letters.visible_to(by).dead()
    count = mine.update(state=LetterState.DUE, due_at=now, tries=0, settled_at=None, held=False)
    if count:
        record(
            LETTER_RETRIED,
            LetterRetried(count=count),
            actor=by.ref,
            subject=by.workspace.ref,
            workspace_id=by.workspace_id,
            at=now,
        )
    return count
