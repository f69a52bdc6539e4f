"""Copying slots and drafts of a week to another: a look first, then the copy, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.copying import copy_week, uncopy_week
from yanzhen.planning.content import BadContent
from yanzhen.planning.copying import MOST_COPIED, post_copies, slot_copies
from yanzhen.planning.forms_calendar import WEEK, Asked
from yanzhen.planning.forms_slots import CopyForm
from yanzhen.planning.models import Post, Slot, month_of
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
    may_write = member.may_somewhere(Decision.POST_WRITE)
    form = CopyForm(
        (request.POST if posted else request.GET) if asked else None,
        initial=_begin(request),
        may_write=may_write,
    )
    if not asked or not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if posted else 200)
    return _make(request, form) if posted else _look(request, form)


def _look(request: MemberRequest, form: CopyForm, *, status: int = 200) -> HttpResponse:
    member, zone, sent = request.member, request.member.user.tz, form.cleaned_data
    weeks = (sent["source"], sent["target"])
    slots = slot_copies(member, *weeks, now=now())
    posts = post_copies(member, *weeks, now=now()) if sent["posts"] else []
    context = {
        "form": form,
        "copies": [(each, each.at.astimezone(zone)) for each in slots],
        "posts": [(each, each.at.astimezone(zone)) for each in posts],
        "count": sum(not each.why for each in slots),
        "post_count": sum(not each.why for each in posts),
        "title": span_title(sent["target"], sent["target"] + _SIX_DAYS),
        "full": max(len(slots), len(posts)) >= MOST_COPIED,
        "most": MOST_COPIED,
    }
    return render(request, PAGE, context, status=status)


def _make(request: MemberRequest, form: CopyForm) -> HttpResponse:
    member, sent, moment = request.member, form.cleaned_data, now()
    weeks = (sent["source"], sent["target"])
    slots = slot_copies(member, *weeks, now=moment)
    posts = post_copies(member, *weeks, now=moment) if sent["posts"] else []
    try:
        made = copy_week(slots, posts, by=member, now=moment)
    except (BadContent, TextRefused):
        text = _(
            "Nothing is copied: one of the drafts holds a file that is gone. Mend it first, "
            "or copy without drafts."
        )
        messages.error(request, text)
        return _look(request, form, status=422)
    _tell(request, *made)
    target = sent["target"]
    return redirect(Asked(month_of(target), view=WEEK, day=target).address)


def _begin(request: MemberRequest) -> dict[str, Any]:
    """Begin with the week in the address, or this one, and the week after it."""
    asked = CopyForm({"source": request.GET.get("source", ""), "target": "2006-01-02"})
    today = now().astimezone(request.member.user.tz).date()
    source = asked.cleaned_data["source"] if asked.is_valid() else today
    return {"source": source, "target": source + timedelta(days=7)}


def _tell(request: MemberRequest, slots: Sequence[Slot], posts: Sequence[Post]) -> None:
    if not slots and not posts:
        messages.info(request, _("There was nothing to copy."))
        return
    parts = []
    if slots:
        text = ngettext("%(count)s slot is copied.", "%(count)s slots are copied.", len(slots))
        parts.append(text % {"count": len(slots)})
    if posts:
        text = ngettext("%(count)s draft is copied.", "%(count)s drafts are copied.", len(posts))
        parts.append(text % {"count": len(posts)})
    made = {"slots": slots, "posts": posts}
    numbers = {name: "-".join(str(row.pk) for row in rows) for name, rows in made.items() if rows}
    undo = f"{reverse('slots-uncopy')}?{urlencode(numbers)}"
    messages.success(request, " ".join(parts), extra_tags=f"undo:{undo}")


@asks(Decision.POST_SCHEDULE)
@require_POST
def slots_uncopy(request: MemberRequest) -> HttpResponse:
    """Remove what a copy made, but for what somebody has changed since."""
    member = request.member
    slots = Slot.objects.visible_to(member).planned().select_related("account")
    posts = Post.objects.visible_to(member)
    copied = slots.filter(pk__in=_numbers(request, "slots"))
    gone, kept = uncopy_week(
        copied,
        posts.filter(pk__in=_numbers(request, "posts")),
        by=member,
        now=now(),
    )
    text = ngettext("%(count)s copy is taken back.", "%(count)s copies are taken back.", gone)
    told = [text % {"count": gone}]
    if kept:
        stay = ngettext(
            "%(count)s was changed meanwhile and stays.",
            "%(count)s were changed meanwhile and stay.",
            kept,
        )
        told.append(stay % {"count": kept})
    messages.success(request, " ".join(told))
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Trigger": "activity:planning"})
    return redirect("calendar")


def _numbers(request: MemberRequest, name: str) -> list[int]:
    sent = request.POST.get(name) or request.GET.get(name, "")
    asked = sent.split("-")[:MOST_COPIED]
    return [number for number in map(parse_id, asked) if number is not None]
