"""Copying the slots of a week to another: a look first, then the copy, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.slotting import copy_slots, uncopy_slots
from yanzhen.planning.copying import MOST_COPIED, slot_copies
from yanzhen.planning.forms_calendar import WEEK, Asked
from yanzhen.planning.forms_slots import CopyForm
from yanzhen.planning.models import Slot, month_of
from yanzhen.planning.views.calendar import span_title

PAGE = "planning/slots_copy.html"
_SIX_DAYS = timedelta(days=6)


@asks(Decision.POST_SCHEDULE)
@require_http_methods(["GET", "POST"])
def slots_copy(request: MemberRequest) -> HttpResponse:
    """Show what a copy would make, and make it when it is sent."""
    member = request.member
    posted = request.method == "POST"
    asked = posted or "target" in request.GET
    form = CopyForm(
        (request.POST if posted else request.GET) if asked else None, initial=_begin(request)
    )
    if not asked or not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if posted else 200)
    source, target = form.cleaned_data["source"], form.cleaned_data["target"]
    copies = slot_copies(member, source, target, now=now())
    if posted:
        made = copy_slots(copies, by=member, now=now())
        _tell(request, made)
        return redirect(Asked(month_of(target), view=WEEK, day=target).address)
    context = {
        "form": form,
        "copies": [(each, each.at.astimezone(member.user.tz)) for each in copies],
        "count": sum(not each.why for each in copies),
        "title": span_title(target, target + _SIX_DAYS),
        "full": len(copies) >= MOST_COPIED,
        "most": MOST_COPIED,
    }
    return render(request, PAGE, context)


def _begin(request: MemberRequest) -> dict[str, Any]:
    """Begin with the week in the address, or this one, and the week after it."""
    asked = CopyForm({"source": request.GET.get("source", ""), "target": "2006-01-02"})
    today = now().astimezone(request.member.user.tz).date()
    source = asked.cleaned_data["source"] if asked.is_valid() else today
    return {"source": source, "target": source + timedelta(days=7)}


def _tell(request: MemberRequest, made: list[Slot]) -> None:
    if not made:
        messages.info(request, _("There was nothing to copy."))
        return
    text = ngettext("%(count)s slot is copied.", "%(count)s slots are copied.", len(made))
    numbers = "-".join(str(slot.pk) for slot in made)
    undo = f"{reverse('slots-uncopy')}?slots={numbers}"
    messages.success(request, text % {"count": len(made)}, extra_tags=f"undo:{undo}")


@asks(Decision.POST_SCHEDULE)
@require_POST
def slots_uncopy(request: MemberRequest) -> HttpResponse:
    """Remove what a copy made, but for what somebody has changed since."""
    asked = request.GET.get("slots", "").split("-")[:MOST_COPIED]
    numbers = [number for number in map(parse_id, asked) if number is not None]
    slots = Slot.objects.visible_to(request.member).planned().select_related("account")
    count = uncopy_slots(slots.filter(pk__in=numbers), by=request.member, now=now())
    text = ngettext(
        "%(count)s copied slot is removed.", "%(count)s copied slots are removed.", count
    )
    messages.success(request, text % {"count": count})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Trigger": "activity:planning"})
    return redirect("calendar")
