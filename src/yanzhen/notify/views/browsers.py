"""Pushing news to the reader's browsers."""

from __future__ import annotations

from importlib.resources import files

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.vault import VaultClosed
from yanzhen.kernel.clock import now
from yanzhen.notify.actions.pushing import add_browser, remove_browser
from yanzhen.notify.forms import BrowserForm
from yanzhen.notify.models import Browser
from yanzhen.people.devices import device_words
from yanzhen.people.gate import MemberRequest, members, strangers

PLACE = "telling"


@members
@require_POST
def browser_add(request: MemberRequest) -> HttpResponse:
    """Push the reader's news to the browser that asks; answers 204, or 422 with the reason."""
    form = BrowserForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(each) for errors in form.errors.values() for each in errors)
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    shown = device_words(request.headers.get("User-Agent", ""))
    try:
        add_browser(
            request.member,
            shown=shown,
            session_key=request.session.session_key or "",
            now=now(),
            **form.cleaned_data,
        )
    except VaultClosed as closed:
        return HttpResponse(str(closed), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@members
@require_POST
def browser_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Push nothing more to one of the reader's browsers."""
    found = get_object_or_404(Browser, pk=pk, member=request.member)
    remove_browser(found)
    messages.success(request, _("Nothing is pushed to that browser any more."))
    return redirect(PLACE)


@strangers
@require_GET
def push_worker(request: HttpRequest) -> HttpResponse:
    """Give the script that shows pushed news while no page is open; it holds nothing of anybody."""
    script = files("yanzhen.notify").joinpath("static/notify/push-worker.js").read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
