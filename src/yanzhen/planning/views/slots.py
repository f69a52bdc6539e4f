"""Slots: planning, changing, filling and removing them, and the way back from each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.filling import HasTime, SlotTaken, fill_slot
from yanzhen.planning.actions.slotting import (
    SlotWish,
    add_slot,
    change_slot,
    remove_slot,
    restore_slot,
)
from yanzhen.planning.actions.timing import InThePast
from yanzhen.planning.best_times import suggested
from yanzhen.planning.forms_calendar import Asked
from yanzhen.planning.forms_slots import SlotForm, SlotMoveForm, facts_of
from yanzhen.planning.models import Post, Slot, month_of
from yanzhen.planning.moments import moment_words
from yanzhen.planning.queries_slots import post_in, shown_slot
from yanzhen.planning.states import TIMEABLE, SlotState
from yanzhen.planning.views.answers import TimeRefused, time_refusals
from yanzhen.planning.views.calendar import Looked, board, looked
from yanzhen.planning.views.calendar_moves import TEN, Stays, stays, wall_at, way_back

PAGE = "planning/slot.html"
#: Drafts offered to fill a slot with.
MOST_OFFERED = 50


def slot_for(member: Member, pk: int) -> Slot:
    """Return a slot of the member's workspace, removed ones included, or raise Http404."""
    rows = Slot.objects.visible_to(member).select_related("account", "owner__user")
    return get_object_or_404(rows, pk=pk)


@asks(Decision.POST_SCHEDULE)
@require_http_methods(["GET", "POST"])
def slot_new(request: MemberRequest) -> HttpResponse:
    """Plan a slot; day, hour and account may come in the address."""
    member = request.member
    if request.method == "GET":
        start = _beginning(request, member)
        form = SlotForm(member=member, initial=start)
        account = Account.objects.visible_to(member).filter(pk=start["account"]).first()
        best = suggested(account, now=now()) if account else None
        return render(request, PAGE, {"form": form, "best": best})
    form = SlotForm(request.POST, member=member)
    refused: TimeRefused | None = None
    if form.is_valid():
        with time_refusals() as refusals:
            made = add_slot(form.wish(), by=member, now=now())
            undo = f"{reverse('slot-remove', args=[made.pk])}?undo=1&seen={made.state_version}"
            _tell(request, _("“%(slot)s” is planned for %(moment)s."), made, undo=undo)
            return redirect(_back_to(member, made))
        refused = refusals.found
    return render(request, PAGE, {"form": form, "refused": refused}, status=422)


def _beginning(request: HttpRequest, member: Member) -> dict[str, Any]:
    """Return what the address says about the new slot; anything odd in it is left out."""
    asked = request.GET
    accounts = list(Account.objects.visible_to(member).in_order().values_list("pk", flat=True))
    account = parse_id(asked.get("account"))
    if account not in accounts:
        account = accounts[0] if accounts else None
    start: dict[str, Any] = {"account": account, "time": TEN}
    try:
        start["date"] = parse_date(asked.get("day", ""))
        start["time"] = parse_time(asked.get("time", "")) or TEN
    except ValueError:
        start.setdefault("date", None)
    return start


@asks(Decision.POST_SCHEDULE)
@require_http_methods(["GET", "POST"])
def slot(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a slot and change it; with ?back= it is made again what the address says."""
    found = slot_for(request.member, pk)
    if request.method == "GET":
        return _page(request, found, SlotForm(member=request.member, slot=found))
    return _change(request, found, undoing="back" in request.GET)


def _change(request: MemberRequest, found: Slot, *, undoing: bool) -> HttpResponse:
    member, was = request.member, facts_of(found)
    form = SlotForm(request.GET if undoing else request.POST, member=member, slot=found)
    if not form.is_valid():
        return _refused(request, found, form, undoing=undoing)
    if form.cleaned_data["seen"] != found.state_version:
        return _stale(request, found, undoing=undoing)
    with time_refusals() as refusals:
        try:
            change_slot(found, form.wish(), by=member, now=now())
        except MoveRefused:
            return _stale(request, slot_for(member, found.pk), undoing=undoing)
        _tell(request, _("“%(slot)s” is on %(moment)s."), found, undo=_undo_of(found, was, undoing))
        return _settled(request, found, undoing=undoing)
    return _refused(request, found, form, undoing=undoing, why=refusals.found)


def _refused(
    request: MemberRequest,
    found: Slot,
    form: SlotForm,
    *,
    undoing: bool,
    why: TimeRefused | None = None,
) -> HttpResponse:
    """Show the form with what is wrong; an undo that came too late says so where it was pressed."""
    if not undoing:
        return _page(request, found, form, refused=why, status=422)
    messages.error(request, _("That cannot be undone any more. Open the slot to change it."))
    return HttpResponse(status=422, headers={"HX-Trigger": "activity:planning"})


def _page(request: MemberRequest, found: Slot, form: SlotForm, **given: Any) -> HttpResponse:
    member, status = request.member, given.pop("status", 200)
    shown = shown_slot(member, found, now=now())
    filled = post_in(member, shown)
    drafts = Post.objects.visible_to(member).filter(account=found.account, state__in=TIMEABLE)
    context = {
        "form": form,
        "slot": found,
        "shown": shown,
        "removed": found.state == SlotState.REMOVED,
        "post": Post.objects.visible_to(member).filter(pk=filled).first() if filled else None,
        "drafts": list(drafts.without_time()[:MOST_OFFERED]) if not filled else [],
        "best": suggested(found.account, now=now()) if not filled else None,
        "may_write": member.may_somewhere(Decision.POST_WRITE),
        "back": _back_to(member, found),
        **given,
    }
    return render(request, PAGE, context, status=status)


def _undo_of(found: Slot, was: dict[str, Any], undoing: bool) -> str:
    """Return the address that makes the slot what it was; an undo has none."""
    if undoing:
        return ""
    facts = {**was, "seen": found.state_version, "back": 1}
    return f"{reverse('slot', args=[found.pk])}?{urlencode(facts)}"


def _stale(request: MemberRequest, found: Slot, *, undoing: bool) -> HttpResponse:
    text = _("Somebody changed this slot meanwhile. You see what it is now.")
    if undoing:
        messages.error(request, text)
        return HttpResponse(status=409, headers={"HX-Trigger": "activity:planning"})
    form = SlotForm(member=request.member, slot=found)
    return _page(request, found, form, note=text, status=409)


def _settled(request: MemberRequest, found: Slot, *, undoing: bool = False) -> HttpResponse:
    """Lead to the day of the slot; an undo only tells the calendar to fetch itself."""
    if undoing and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Trigger": "activity:planning"})
    return redirect(_back_to(request.member, found))


def _back_to(member: Member, found: Slot) -> str:
    day = found.starts_at.astimezone(member.user.tz).date()
    return Asked(month_of(day)).day_at(day)


def _tell(request: MemberRequest, text: str, found: Slot, *, undo: str = "") -> None:
    local = found.starts_at.astimezone(request.member.user.tz)
    words = {"slot": found, "moment": moment_words(local)}
    messages.success(request, text % words, extra_tags=f"undo:{undo}" if undo else "")


@asks(Decision.POST_SCHEDULE)
@require_POST
def slot_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a slot to the viewer's day and hour, and make it as long as was sent."""
    at, found = looked(request), slot_for(request.member, pk)
    try:
        with _stays(found):
            _move(request, found)
    except Stays as refused:
        messages.error(request, str(refused))
        return _board(request, at, refused.status)
    return _board(request, at, 200)


def _move(request: MemberRequest, found: Slot) -> None:
    form = SlotMoveForm(request.POST)
    if not form.is_valid():
        raise Stays(_("Choose a day and an hour to move it to, and at most 12 hours."), 422)
    sent, was, member = form.cleaned_data, facts_of(found), request.member
    if sent["seen"] != found.state_version:
        raise Stays(_("Somebody changed this slot meanwhile. You see what it is now."), 409)
    meant = resolve(datetime.combine(sent["day"], sent["time"]), member.user.zone).at
    zone = found.account.zone
    wall, fold = wall_at(meant, zone)
    minutes = found.minutes if sent["minutes"] is None else sent["minutes"]
    if meant == found.starts_at and minutes == found.minutes:
        return
    wish = SlotWish(
        account=found.account,
        wall=wall,
        zone=zone,
        fold=fold,
        minutes=minutes,
        goal=found.goal,
        format=found.format,
        owner=found.owner,
        note=found.note,
    )
    change_slot(found, wish, by=member, now=now())
    _tell(request, _("“%(slot)s” is on %(moment)s."), found, undo=_undo_of(found, was, False))


def _board(request: MemberRequest, at: Looked, status: int) -> HttpResponse:
    if status == 200 and not request.headers.get("HX-Request"):  # noqa: PLR2004 -- it went well
        return redirect(at.asked.address)
    return board(request, at, status=status)


@contextmanager
def _stays(found: Slot) -> Iterator[None]:
    """Turn what the action refuses into words for a toast."""
    words = {"slot": found}
    try:
        yield
    except (GapTime, FoldTime):
        text = _("“%(slot)s” stays: the clocks change over that time. Open it to choose another.")
        raise Stays(text % words, 422) from None
    except InThePast:
        text = _("“%(slot)s” stays: that time has passed.")
        raise Stays(text % words, 422) from None
    except MoveRefused:
        text = _("“%(slot)s” was changed or removed meanwhile.")
        raise Stays(text % words, 409) from None


@asks(Decision.POST_SCHEDULE)
@require_POST
def slot_fill(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a draft without a time the slot's time."""
    member, found = request.member, slot_for(request.member, pk)
    rows = Post.objects.visible_to(member).filter(account=found.account).with_names()
    asked = parse_id(request.POST.get("post"))
    post = get_object_or_404(rows.select_related("workspace"), pk=asked)
    try:
        with stays(post):
            _fill(request, found, post)
    except Stays as refused:
        found = slot_for(member, pk)
        form = SlotForm(member=member, slot=found)
        return _page(request, found, form, note=str(refused), status=refused.status)
    return redirect(_back_to(member, found))


def _fill(request: MemberRequest, found: Slot, post: Post) -> None:
    member, sent = request.member, request.POST.get("seen", "")
    seen = found.state_version if sent == str(found.state_version) else None
    before = (post.due_wall, post.due_zone, post.due_fold)
    try:
        fill_slot(found, post, seen=seen, by=member, now=now())
    except HasTime:
        assert post.due_at is not None  # noqa: S101 -- that is what was refused
        words = {"title": post.shown_title, "moment": moment_words(_local(post, member))}
        text = _("“%(title)s” stays: by now it goes out %(moment)s. Choose another draft.")
        raise Stays(text % words, 409) from None
    except SlotTaken:
        text = _("Another post is in this slot by now. “%(title)s” stays without a time.")
        raise Stays(text % {"title": post.shown_title}, 409) from None
    except MoveRefused as refused:
        if isinstance(refused.subject, Slot):
            text = _("Somebody changed this slot meanwhile. You see what it is now.")
            raise Stays(text, 409) from None
        raise
    words = {"title": post.shown_title, "moment": moment_words(_local(post, member))}
    day = _local(post, member).date()
    undo = way_back(post, before, Asked(month_of(day)).query)
    text = _("“%(title)s” goes out %(moment)s.") % words
    messages.success(request, text, extra_tags=f"undo:{undo}")


def _local(post: Post, member: Member) -> datetime:
    assert post.due_at is not None  # noqa: S101 -- it has just been given
    return post.due_at.astimezone(member.user.tz)


@asks(Decision.POST_SCHEDULE)
@require_POST
def slot_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a slot out of the plan; with ?undo= because it was planned by mistake."""
    found, undoing = slot_for(request.member, pk), "undo" in request.GET
    if undoing and request.GET.get("seen") != str(found.state_version):
        return _stale(request, found, undoing=True)
    try:
        remove_slot(found, by=request.member, now=now())
    except MoveRefused:
        return _stale(request, slot_for(request.member, pk), undoing=undoing)
    undo = "" if undoing else f"{reverse('slot-restore', args=[found.pk])}?undo=1"
    _tell(request, _("“%(slot)s” is removed."), found, undo=undo)
    return _settled(request, found, undoing=undoing)


@asks(Decision.POST_SCHEDULE)
@require_POST
def slot_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a removed slot back."""
    found, undoing = slot_for(request.member, pk), "undo" in request.GET
    try:
        restore_slot(found, by=request.member, now=now())
    except MoveRefused:
        return _stale(request, slot_for(request.member, pk), undoing=undoing)
    _tell(request, _("“%(slot)s” is back on %(moment)s."), found)
    return _settled(request, found, undoing=undoing)
