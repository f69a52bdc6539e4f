"""One log: read, written, and decided on the same page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.handoff.actions.attaching import may_mend
from yanzhen.handoff.actions.checks import LogChanged
from yanzhen.handoff.actions.filling import change_words
from yanzhen.handoff.facts import facts_for
from yanzhen.handoff.forms import (
    AcceptForm,
    CaptionsForm,
    GiveForm,
    ItemForm,
    LinkForm,
    RefuseForm,
    VideoForm,
    WordsForm,
)
from yanzhen.handoff.models import Attachment, Handover
from yanzhen.handoff.queries import (
    Part,
    is_asked,
    may_accept,
    may_record,
    may_write,
    missing_of,
    parts_of,
    standing_of,
)
from yanzhen.handoff.states import HandoverState
from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision


def find(member: Member, pk: int) -> Handover:
    """Return a handover of the member's workspace. Raises Http404."""
    return get_object_or_404(Handover.objects.visible_to(member).with_names(), pk=pk)


def meanwhile() -> str:
    """Say that the log is another than the page showed."""
    return _("The log changed meanwhile. Here is how it stands now; read it and try again.")


@members
@require_GET
def handoff(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a log, or with ?part=standing only where it stands."""
    found = find(request.member, pk)
    if request.GET.get("part") == "standing":
        context = {"handover": found, "asked": is_asked(found, request.member), "now": now()}
        return render(request, "handoff/handoff.html#standing", context)
    return page(request, found)


def page(
    request: MemberRequest, handover: Handover, *, status: int = 200, **given: Any
) -> HttpResponse:
    """Render the log's page; what is ``given`` stands in place of the usual forms and notes."""
    return render(
        request, "handoff/handoff.html", _context(request, handover, given), status=status
    )


def _context(request: MemberRequest, handover: Handover, given: dict[str, Any]) -> dict[str, Any]:
    member, moment = request.member, now()
    writes, accepts = may_write(handover, member), may_accept(handover, member)
    parts = parts_of(handover)
    attached = handover.attachments.select_related("media", "added_by__user").order_by("pk")
    for each in attached:
        each.handover = handover
    return {
        "handover": handover,
        "parts": [(part, _item_forms(part, member, writes=writes)) for part in parts],
        "facts": facts_for(handover, member, now=moment),
        "attached": [
            (each, _captions_form(each) if may_mend(each, member) else None) for each in attached
        ],
        "missing": missing_of(parts) if handover.state == HandoverState.DRAFT else [],
        "writes": writes,
        "accepts": accepts,
        "asked": is_asked(handover, member),
        "may_record": may_record(handover, member),
        "in_stead": accepts and member.pk != handover.receiver_id,
        "ticks": _may_do(handover, member),
        "give_field": _give_field(handover, parts, member),
        "form": WordsForm(handover=handover, member=member, now=moment) if writes else None,
        "accept_form": AcceptForm(initial={"seen": handover.revision}),
        "refuse_form": RefuseForm(),
        "link_form": LinkForm(),
        "video_form": VideoForm(),
        "ticked": frozenset(),
        "now": moment,
        **given,
    }


def _captions_form(attachment: Attachment) -> CaptionsForm:
    return CaptionsForm(initial={"captions": attachment.captions})


def _item_forms(part: Part, member: Member, *, writes: bool) -> dict[str, Any]:
    """Return the form for a new point, and one for each point there is."""
    if not writes:
        return {"new": None, "points": [(item, None) for item in part.items]}
    moment = now()
    return {
        "new": ItemForm(section=part.section, member=member, now=moment),
        "points": [
            (item, ItemForm(section=part.section, member=member, now=moment, item=item))
            for item in part.items
        ],
    }


def _give_field(handover: Handover, parts: list[Part], member: Member) -> str:
    """Return the choice of who gets a point whose owner has left; "" where there is none to give.

    Rendered once for all of them: each rendering asks for the team.
    """
    if not any(item.orphaned for part in parts for item in part.items):
        return ""
    gives = may_write(handover, member) or _may_do(handover, member)
    stands = gives and standing_of(handover.workspace_id).filter(pk=handover.pk).exists()
    return str(GiveForm(member=member)["owner"]) if stands else ""


def _may_do(handover: Handover, member: Member) -> bool:
    """Tell whether the member may note points as done, in what was handed over."""
    settled = handover.state == HandoverState.ACCEPTED
    return settled and (
        member.leads or member.pk == handover.outgoing_id or member.may(Decision.LEAD_SET)
    )


@members
@require_POST
def words(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the top of a log."""
    found, moment = find(request.member, pk), now()
    form = WordsForm(request.POST, handover=found, member=request.member, now=moment)
    if not form.is_valid():
        return page(request, found, form=form, status=422)
    try:
        change_words(found, words=form.words(), seen=form.cleaned_data["seen"], by=request.member)
    except LogChanged:
        form.add_error(None, meanwhile())
        return page(request, find(request.member, pk), form=form, status=409)
    except TextRefused as refused:
        form.add_error("note", str(refused))
        return page(request, found, form=form, status=422)
    except Member.DoesNotExist:
        form.add_error("receiver", _("Choose somebody who can take the lead."))
        return page(request, found, form=form, status=422)
    messages.success(request, _("The log is saved."))
    return redirect("handoff", pk)
