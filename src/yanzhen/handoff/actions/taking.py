"""Taking the lead without a log, for when there is no time or nobody to hand it over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.handoff.queries import barred_from, open_handover_of
from yanzhen.people.actions.keep import lock
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require


@transaction.atomic
def take_lead(workspace: Workspace, *, by: Member, now: datetime) -> bool:
    """Take the lead oneself, until it is handed on; False for who has it already.

    An open handover is overtaken by it; not by the right of who hands over. Raises NotAllowed.
    """
    lead_id = lock(workspace.pk).lead_id
    waiting = open_handover_of(workspace.pk)
    barred = barred_from(waiting) if waiting is not None else ()
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk, barred=barred)
    if lead_id == by.pk:
        return False
    move_lead(workspace, to=by, until=None, by=by.ref, now=now)
    return True
