"""A deed by a signed link, for messages that cannot be answered: who is signed in confirms it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanzhen.activity.feed import Told, events, sentence
from yanzhen.kernel.clock import now
from yanzhen.notify import deeds
from yanzhen.notify.actions.acting import answer_message, proof_page, settle_messages, show_deed
from yanzhen.notify.composing import SALT
from yanzhen.notify.forms import DeedForm
from yanzhen.people.gate import MemberRequest, members, proves_when
from yanzhen.signin.fresh import is_fresh

#: A message in a channel stays for ever, and what it offers does not.
LASTS_SECONDS = 14 * 24 * 3600


def _read(request: MemberRequest, token: str) -> tuple[Told, deeds.Deed, str]:
    """Return what a link offers in the reader's workspace. Raises Http404."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    event = events().objects.told_to(request.member).filter(pk=told["e"]).first()
    deed = deeds.find(told["d"])
    if event is None or deed is None or told["w"] != request.member.workspace_id:
        raise Http404
    return event, deed, str(told["t"])


def _wants_proof(request: MemberRequest, token: str) -> bool:
    """Tell whether what the link offers asks for a fresh proof."""
    _event, offered, target = _read(request, token)
    return bool(proof_page(offered, target, by=request.member))


@proves_when(_wants_proof)
@members
@never_cache
@require_http_methods(["GET", "POST"])
def deed(request: MemberRequest, token: str) -> HttpResponse:
    """Show what would be done, and do it when the reader says so."""
    event, offered, target = _read(request, token)
    shown, bar = show_deed(offered, target, to=request.member)
    posted = request.method == "POST"
    form = DeedForm(request.POST if posted else None, asks=offered.asks, shown=shown)
    context: dict[str, Any] = {
        "deed": offered,
        "said": sentence(event),
        "detail": deeds.detail_of(event),
        "shown": shown,
        "open": offered.target(event) == target and bar is None,
        "why": bar.words if bar is not None else "",
        "form": form,
        "event": event,
    }
    if not posted:
        return render(request, "notify/deed.html", context)
    if bar is None and not form.is_valid():
        return render(request, "notify/deed.html", context, status=422)
    if bar is not None:
        outcome = bar
        settle_messages(event.pk, bar, now=now())
    else:
        outcome = answer_message(
            event.pk,
            offered.slug,
            target,
            by=request.member,
            given=form.given(),
            proven=is_fresh(request),
            now=now(),
        )
    if not outcome.done:
        context |= {"why": outcome.words, "form": form if bar else form.again(shown)}
        return render(request, "notify/deed.html", context, status=409)
    messages.success(request, str(outcome.words))
    return redirect("notices")
