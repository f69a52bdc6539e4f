"""Turns out of order, and leave: said, imported, taken back."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.duty.actions.leaving import cancel_leave, import_leave, take_leave
from yanzhen.duty.actions.minding import TooHard, minding
from yanzhen.duty.actions.overriding import override_duty, withdraw_override
from yanzhen.duty.form_fields import wall_in
from yanzhen.duty.forms import LeaveFileForm, LeaveForm, OverrideForm
from yanzhen.duty.models import Leave, Override
from yanzhen.duty.queries_board import rota_of
from yanzhen.duty.queries_leave import Preview, leaves_ahead, preview
from yanzhen.duty.refusals import REFUSALS, refused_words, status_of
from yanzhen.duty.rules.ical import NotACalendar
from yanzhen.duty.views.answers import instant_in, rota_for, tried, visible
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision

OK = 200


@members
@require_http_methods(["GET", "POST"])
def duty_override(request: MemberRequest) -> HttpResponse:
    """Put somebody on duty out of turn; without the right, only oneself where nobody is."""
    member, rota = request.member, rota_for(request)
    keeps = member.may(Decision.DUTY_KEEP)
    begin: dict[str, Any] = {}
    for name in ("start", "end"):
        at = instant_in(request.GET.get(name, ""))
        if at is not None:
            begin[name] = wall_in(at, member.user.tz)
    data = request.POST if request.method == "POST" else None
    form = OverrideForm(data, member=member, keeps=keeps, initial=begin)
    status = OK
    if request.method == "POST":

        def act() -> Override:
            asked, moment = form.cleaned_data, now()
            put = partial(
                override_duty,
                rota,
                member=asked.get("member") or member,
                span=asked["span"],
                reason=asked["reason"],
                place=asked.get("place") or "primary",
                by=member,
                now=moment,
            )
            return minding(rota, put, accepted=asked["accepted"], now=moment)

        made, status = tried(form, act, member)
        if made is not None:
            undo = reverse("duty-override-withdraw", args=[made.pk])
            text = _("%(name)s is on duty in these hours.") % {"name": made.member.name}
            messages.success(request, text, extra_tags=f"undo:{undo}")
            day = made.start_at.astimezone(member.user.tz)
            return redirect(f"{reverse('duty')}?day={day:%Y-%m-%d}")
    orders = Override.objects.visible_to(member).standing().filter(end_at__gt=now())
    context = {
        "form": form,
        "keeps": keeps,
        "orders": orders.select_related("member__user", "made_by__user").order_by("start_at", "pk"),
        "me": member.pk,
    }
    return render(request, "duty/override.html", context, status=status)


@members
@require_POST
def duty_override_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back that somebody is on duty out of turn."""
    rows = Override.objects.visible_to(request.member).select_related("member__user")
    order = visible(rows, pk)
    status = OK
    try:
        withdraw_override(order, by=request.member, now=now())
        messages.success(request, _("Taken back. The rota is as the layers say."))
    except REFUSALS as error:
        messages.error(request, refused_words(error, request.member))
        status = status_of(error)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Trigger": "activity:duty"})
    return redirect("duty-override")


@members
@require_http_methods(["GET", "POST"])
def duty_leave(request: MemberRequest) -> HttpResponse:
    """Show who is away, and say that oneself is; who keeps the rota says it for others."""
    member = request.member
    keeps = member.may(Decision.DUTY_KEEP)
    form = LeaveForm(request.POST if request.method == "POST" else None, member=member, keeps=keeps)
    status = OK
    if request.method == "POST":

        def act() -> Leave:
            asked, moment = form.cleaned_data, now()
            take = partial(
                take_leave,
                asked["member"],
                span=asked["span"],
                note=asked["note"],
                by=member,
                now=moment,
            )
            return minding(rota_of(member), take, accepted=asked["accepted"], now=moment)

        leave, status = tried(form, act, member)
        if leave is not None:
            undo = reverse("duty-leave-cancel", args=[leave.pk])
            text = _("%(name)s is away then. The turns go to whoever is next.")
            messages.success(request, text % {"name": leave.member.name}, extra_tags=f"undo:{undo}")
            return redirect("duty-leave")
    return _leave_page(request, form, status=status)


def _leave_page(
    request: MemberRequest, form: LeaveForm | None = None, *, status: int = OK, **given: Any
) -> HttpResponse:
    """Show who is away; ``given`` is which leave it would be ``hard`` to cancel, and its mark."""
    member = request.member
    keeps = member.may(Decision.DUTY_KEEP)
    context = {
        "form": form or LeaveForm(member=member, keeps=keeps),
        "keeps": keeps,
        "leaves": leaves_ahead(member, now=now()),
        "rota": rota_of(member),
        "me": member.pk,
        **given,
    }
    return render(request, "duty/leave.html", context, status=status)


@members
@require_POST
def duty_leave_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Cancel a leave from now on; what would be hard on who is there again is said first."""
    member, moment = request.member, now()
    leave = visible(Leave.objects.visible_to(member).select_related("member__user"), pk)
    cancel = partial(cancel_leave, leave, by=member, now=moment)
    by_toast = bool(request.headers.get("HX-Request"))
    status = OK
    try:
        minding(rota_of(member), cancel, accepted=request.POST.get("accepted", ""), now=moment)
        messages.success(request, _("%(name)s is there after all.") % {"name": leave.member.name})
    except REFUSALS as error:
        words, status = refused_words(error, member), status_of(error)
        if isinstance(error, TooHard) and not by_toast:
            return _leave_page(request, status=status, hard=pk, mark=error.mark, hard_words=words)
        messages.error(request, words)
    if by_toast:
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    return redirect("duty-leave")


@members
@require_http_methods(["GET", "POST"])
def duty_leave_import(request: MemberRequest) -> HttpResponse:
    """Read leave out of a calendar: first show what would be noted, then note it."""
    member = request.member
    keeps = member.may(Decision.DUTY_KEEP)
    if request.method == "GET":
        form = LeaveFileForm(member=member, keeps=keeps)
        return _import_page(request, form)
    if "seen" in request.POST:
        return _note_import(request, keeps=keeps)
    form = LeaveFileForm(request.POST, request.FILES, member=member, keeps=keeps)
    found, status = tried(form, lambda: _read(form), member)
    return _import_page(request, form, found, status=status)


def _import_page(
    request: MemberRequest, form: LeaveFileForm, found: Preview | None = None, *, status: int = OK
) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if found is not None:
        who, text = form.cleaned_data["member"], form.cleaned_data["calendar"]
        context |= {"found": found, "who": who, "text": text}
    return render(request, "duty/leave_import.html", context, status=status)


def _read(form: LeaveFileForm) -> Preview:
    return preview(form.cleaned_data["member"], form.cleaned_data["calendar"], now=now())


def _note_import(request: MemberRequest, *, keeps: bool) -> HttpResponse:
    """Note what the preview showed; the same text is read again, so that nothing else is noted."""
    form = LeaveFileForm(request.POST, member=request.member, keeps=keeps)

    def act() -> list[Leave]:
        asked, moment = form.cleaned_data, now()
        note = partial(
            import_leave, asked["member"], text=asked["calendar"], by=request.member, now=moment
        )
        return minding(rota_of(request.member), note, accepted=asked["accepted"], now=moment)

    noted, status = tried(form, act, request.member)
    if noted is None:
        found = None
        # What cannot be read is said without a look at it; what would be hard, beside it.
        with suppress(KeyError, NotACalendar):
            found = _read(form)
        return _import_page(request, form, found, status=status)
    text = ngettext("%(count)d leave is noted.", "%(count)d leaves are noted.", len(noted))
    messages.success(request, text % {"count": len(noted)})
    return redirect("duty-leave")
