"""Taking the lead without a log, for when there is no time or nobody to hand it over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.people.actions.keep import lock
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require


@transaction.atomic
def take_lead(workspace: Workspace, *, by: Member, now: datetime) -> bool:
    """Take the lead oneself, until it is handed on; False for who has it already.

    An open handover is overtaken by it. Raises NotAllowed.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    if lock(workspace.pk).lead_id == by.pk:
        return False
    move_lead(workspace, to=by, until=None, by=by.ref, now=now)
    return True
