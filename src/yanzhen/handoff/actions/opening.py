"""Beginning a handover: what is still open comes along from the one before it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.handoff import events
from yanzhen.handoff.actions.attaching import keep_media_uses
from yanzhen.handoff.actions.checks import AlreadyOpen, tell
from yanzhen.handoff.models import Attachment, Handover, Item
from yanzhen.handoff.queries import open_handover_of
from yanzhen.handoff.states import HandoverState
from yanzhen.people.actions.keep import lock
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, NotAllowed, require

#: What went out is told of so far back at most, and from then where nothing was handed over before.
_LONGEST_SHIFT = timedelta(days=3)
_USUAL_PAST = timedelta(hours=12)


@transaction.atomic
def open_handover(
    workspace: Workspace,
    *,
    to: Member,
    due_at: datetime,
    until_at: datetime | None = None,
    by: Member | None,
    now: datetime,
) -> Handover:
    """Begin the log that hands the lead to ``to`` at ``due_at``; they have it until ``until_at``.

    Times are aware. Open points of the log before come along. ``by`` None is the clock, which asks
    no right. Raises NotAllowed, AlreadyOpen, Member.DoesNotExist for who is not an active member
    here, and ValueError for who has the lead.
    """
    if by is not None and not by.leads:
        require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    if by is not None and by.workspace_id != workspace.pk:
        raise NotAllowed(Decision.LEAD_SET, "elsewhere")
    fresh = lock(workspace.pk)
    if (open_now := open_handover_of(workspace.pk)) is not None:
        raise AlreadyOpen(open_now)
    here = Member.objects.active().filter(workspace=fresh).select_related("user")
    receiver = here.get(pk=to.pk)
    if receiver.pk == fresh.lead_id:
        raise ValueError("the lead cannot go to who has it")
    handover = Handover.objects.create(
        workspace=fresh,
        outgoing_id=fresh.lead_id,
        receiver=receiver,
        from_at=_begun(fresh, now),
        due_at=due_at,
        until_at=until_at,
        opened_by=by,
        state_since_at=now,
    )
    _carry(handover)
    tell(events.OPENED, handover, by=by, now=now)
    return handover


def _begun(workspace: Workspace, now: datetime) -> datetime:
    """Return when the shift that ends now began."""
    accepted = Handover.objects.filter(workspace=workspace, state=HandoverState.ACCEPTED)
    last = accepted.order_by("-decided_at").values_list("decided_at", flat=True).first()
    return max(last or now - _USUAL_PAST, now - _LONGEST_SHIFT)


def _carry(handover: Handover) -> None:
    """Bring along what is still open: of the log that was accepted last, or refused after it.

    A refused one is written anew, so it comes as a whole and counts as no further hand.
    """
    settled = Handover.objects.filter(workspace_id=handover.workspace_id).filter(
        state__in=(HandoverState.ACCEPTED, HandoverState.REFUSED)
    )
    before = settled.order_by("-decided_at", "-pk").first()
    if before is None:
        return
    again = before.state == HandoverState.REFUSED
    Item.objects.bulk_create(
        Item(
            handover=handover,
            section_id=item.section_id,
            text=item.text,
            then=item.then,
            owner_id=item.owner_id,
            due_at=item.due_at,
            carried=item.carried + (0 if again else 1),
            origin=item,
        )
        for item in before.items.filter(done_at=None, section__used=True).order_by("pk")
    )
    if again:
        _bring_all(handover, before)


def _bring_all(handover: Handover, refused: Handover) -> None:
    handover.light, handover.note = refused.light, refused.note
    handover.nothing, handover.from_at = refused.nothing, refused.from_at
    handover.save(update_fields=["light", "note", "nothing", "from_at"])
    Attachment.objects.bulk_create(
        Attachment(
            handover=handover,
            title=each.title,
            page_title=each.page_title,
            page_text=each.page_text,
            looks=each.looks,
            look_at=each.look_at,
            url=each.url,
            media_id=each.media_id,
            captions=each.captions,
            added_by_id=each.added_by_id,
            added_at=each.added_at,
        )
        for each in refused.attachments.order_by("pk")
    )
    keep_media_uses(handover)
