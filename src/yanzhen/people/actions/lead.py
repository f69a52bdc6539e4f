"""Moving the lead: one column of one row, so that one member has it and never two or nobody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import led_by, record
from yanzhen.people.actions.keep import lock, step
from yanzhen.people.events import LEAD_SET, LEAD_TAKEN, LeadSet
from yanzhen.people.models import Member, Workspace


@transaction.atomic
def move_lead(
    workspace: Workspace, *, to: Member, until: datetime | None, by: Ref, now: datetime
) -> Workspace:
    """Let ``to`` have the lead from now on; ``until`` (aware) is when it should be handed over.

    Asks no right and no acceptance: that is for the actions that call it. What is recorded from
    now on, this first, is stamped with the new lead. Raises Member.DoesNotExist for somebody who is
    not an active member here.
    """
    fresh = lock(workspace.pk)
    here = Member.objects.active().filter(workspace_id=workspace.pk)
    member = here.select_related("user").get(pk=to.pk)
    step(fresh, seen=fresh.revision)
    fresh.lead, fresh.lead_until_at = member, until
    fresh.save(update_fields=["lead", "lead_until_at"])
    workspace.lead, workspace.lead_until_at = member, until
    workspace.revision = fresh.revision
    led_by(workspace.pk, member.ref)
    record(
        LEAD_TAKEN if (by.type, by.id) == (member.ref.type, member.ref.id) else LEAD_SET,
        LeadSet(until=until.isoformat() if until else ""),
        actor=by,
        subject=member.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return workspace
