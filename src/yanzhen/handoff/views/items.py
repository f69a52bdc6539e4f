"""The points of a log."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.handoff.actions.checks import Gone
from yanzhen.handoff.actions.filling import (
    MOST_ITEMS,
    TooManyItems,
    add_item,
    change_item,
    mark_done,
    remove_item,
    say_nothing,
)
from yanzhen.handoff.actions.handing import OwnerThere, give_point
from yanzhen.handoff.forms import GiveForm, ItemForm
from yanzhen.handoff.models import Handover, Item, Section
from yanzhen.handoff.views.one import find, page
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, members


def _section(request: MemberRequest) -> Section:
    sections = Section.objects.visible_to(request.member)
    return get_object_or_404(sections, pk=parse_id(request.POST.get("section")) or 0)


def _back(handover_id: int, section_id: int) -> HttpResponse:
    address = reverse("handoff", args=[handover_id])
    return redirect(f"{address}#section-{section_id}")


def _again(request: MemberRequest, handover: Handover, form: ItemForm) -> HttpResponse:
    """Show the page with what was typed and what is wrong with it."""
    return page(request, handover, wrong=form, status=422)


@members
@require_POST
def item_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a point to a section."""
    found, section = find(request.member, pk), _section(request)
    form = ItemForm(request.POST, section=section, member=request.member, now=now())
    if not form.is_valid():
        return _again(request, found, form)
    try:
        add_item(found, section, point=form.point(), by=request.member)
    except TextRefused as refused:
        form.add_error("text", str(refused))
        return _again(request, found, form)
    except TooManyItems:
        said = _("A log holds %(most)d points at most. Take out what matters less.")
        form.add_error("text", said % {"most": MOST_ITEMS})
        return _again(request, found, form)
    return _back(pk, section.pk)


def _item(request: MemberRequest, pk: int) -> Item:
    rows = Item.objects.select_related("section", "owner__user", "handover__outgoing__user")
    seen = Handover.objects.visible_to(request.member)
    return get_object_or_404(rows, pk=pk, handover__in=seen)


def _gone(request: MemberRequest, handover_id: int, typed: ItemForm | None = None) -> HttpResponse:
    """Answer 409: somebody took the point out; what was ``typed`` stands ready as a new one."""
    note = _("Somebody took this point out meanwhile. Here is how the log stands now.")
    if typed is not None:
        note = _(
            "Somebody took this point out meanwhile. What you wrote stands below; add it as a new"
            " point if it still holds."
        )
    found = find(request.member, handover_id)
    return page(request, found, note=note, wrong=typed, status=409)


@members
@require_POST
def item(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a point, or take it out with do=remove."""
    found = _item(request, pk)
    handover_id, section_id = found.handover_id, found.section_id
    if request.POST.get("do") == "remove":
        try:
            remove_item(found, by=request.member)
        except Gone:
            return _gone(request, handover_id)
        return _back(handover_id, section_id)
    form = ItemForm(
        request.POST, section=found.section, member=request.member, now=now(), item=found
    )
    if not form.is_valid():
        return _again(request, find(request.member, handover_id), form)
    try:
        change_item(found, point=form.point(), by=request.member)
    except Gone:
        moment, member = now(), request.member
        anew = ItemForm(request.POST, section=found.section, member=member, now=moment)
        return _gone(request, handover_id, anew)
    except TextRefused as refused:
        form.add_error("text", str(refused))
        return _again(request, find(request.member, handover_id), form)
    return _back(handover_id, section_id)


@members
@require_POST
def done(request: MemberRequest, pk: int) -> HttpResponse:
    """Note that a point is done, or not after all."""
    found = _item(request, pk)
    try:
        mark_done(found, done=request.POST.get("done") == "1", by=request.member, now=now())
    except Gone:
        return _gone(request, found.handover_id)
    return _back(found.handover_id, found.section_id)


@members
@require_POST
def give(request: MemberRequest, pk: int) -> HttpResponse:
    """Give what somebody who has left should do to somebody else."""
    found, form = _item(request, pk), GiveForm(request.POST, member=request.member)
    note = _("Somebody has this point already. Here is how the log stands now.")
    if not form.is_valid():
        note = _("Choose somebody who is a member.")
        return page(request, find(request.member, found.handover_id), note=note, status=422)
    try:
        given = give_point(found, to=form.cleaned_data["owner"], by=request.member)
    except Gone:
        return _gone(request, found.handover_id)
    except OwnerThere:
        return page(request, find(request.member, found.handover_id), note=note, status=409)
    said = _("The point is with whoever leads now.")
    if given.owner is not None:
        said = _("The point is with %(name)s now.") % {"name": given.owner.name}
    messages.success(request, said)
    return _back(found.handover_id, found.section_id)


@members
@require_POST
def nothing(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that there is nothing in a section, or take that back."""
    found, section = find(request.member, pk), _section(request)
    say_nothing(found, section, nothing=request.POST.get("nothing") == "1", by=request.member)
    return _back(pk, section.pk)
