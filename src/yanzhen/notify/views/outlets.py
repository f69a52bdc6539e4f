"""Outlets: the list, one of them, adding and trying; the connection with Slack."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.channels.vault import VaultClosed
from yanzhen.kernel.clock import now
from yanzhen.notify.actions.outlets import (
    OutletStale,
    add_outlet,
    change_outlet,
    change_secret,
    remove_outlet,
    try_outlet,
)
from yanzhen.notify.actions.slack import NoSlack, connect_slack, disconnect_slack
from yanzhen.notify.connecting import may_connect, who_connects
from yanzhen.notify.forms import ChangeOutletForm, NewOutletForm, SlackForm
from yanzhen.notify.models import Letter, Outlet, SlackTeam
from yanzhen.notify.news import TOPICS
from yanzhen.notify.queries import outlets_of, recent_letters
from yanzhen.notify.states import OutletKind
from yanzhen.people.gate import MemberRequest, asks, members, proves, proves_when
from yanzhen.people.mail import address_of
from yanzhen.people.rights import Decision


@members
@require_GET
def outlets(request: MemberRequest) -> HttpResponse:
    """List where the team's news goes."""
    team = SlackTeam.objects.filter(workspace_id=request.member.workspace_id).first()
    may_resolve = request.member.may_somewhere(Decision.PUBLISH_RESOLVE)
    dead = Letter.objects.visible_to(request.member).dead().count() if may_resolve else 0
    context = {
        "outlets": outlets_of(request.member),
        "slack": team,
        "kinds": OutletKind.choices,
        "may_edit": request.member.may(Decision.WORKSPACE_EDIT),
        "may_resolve": may_resolve,
        "dead": dead,
    }
    return render(request, "notify/outlets.html", context)


def _shows_secret(request: MemberRequest, kind: str) -> bool:
    """Tell whether adding an outlet of that kind shows a secret that signs for us."""
    return kind == OutletKind.WEBHOOK


@proves_when(_shows_secret)
@asks(Decision.WORKSPACE_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def outlet_new(request: MemberRequest, kind: str) -> HttpResponse:
    """Add an outlet of one kind; a webhook's page shows its secret, once."""
    if kind not in OutletKind.values:
        raise Http404
    if kind == OutletKind.SLACK and not _slack(request):
        return redirect("outlets-slack")
    form = NewOutletForm(
        request.POST or None,
        kind=OutletKind(kind),
        private=settings.ENV.private_webhooks,
        initial={"language": request.member.user.language, "level": "all"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            outlet, secret = add_outlet(
                request.member,
                kind=OutletKind(kind),
                address=form.cleaned_data["address"],
                now=now(),
                **form.told(),
            )
        except VaultClosed as closed:
            form.add_error(None, str(closed))
        else:
            if secret:
                return _outlet_page(request, outlet, secret=secret)
            messages.success(request, _("Added. Send a test to see that it arrives."))
            return redirect("outlet", pk=outlet.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "kind": OutletKind(kind)}
    return render(request, "notify/outlet_new.html", context, status=status)


def _slack(request: MemberRequest) -> SlackTeam | None:
    return SlackTeam.objects.filter(workspace_id=request.member.workspace_id).first()


def _outlet(request: MemberRequest, pk: int) -> Outlet:
    return get_object_or_404(Outlet.objects.visible_to(request.member), pk=pk)


def _outlet_page(
    request: MemberRequest,
    outlet: Outlet,
    *,
    form: ChangeOutletForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    may_edit = request.member.may(Decision.WORKSPACE_EDIT)
    context: dict[str, Any] = {
        "outlet": outlet,
        "form": form or ChangeOutletForm.of(outlet),
        "secret": secret,
        "may_edit": may_edit,
        "both_sign": outlet.changes_secret(now()),
        "topics": [str(words) for slug, words in TOPICS.items() if slug in outlet.topics],
        "letters": recent_letters(outlet),
    }
    return render(request, "notify/outlet.html", context, status=status)


@members
@never_cache
@require_http_methods(["GET", "POST"])
def outlet(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one outlet and what became of its letters, and change what it is told."""
    shown = _outlet(request, pk)
    if request.method != "POST":
        return _outlet_page(request, shown)
    form = ChangeOutletForm.of(shown, request.POST)
    if not form.is_valid():
        return _outlet_page(request, shown, form=form, status=422)
    asked = form.cleaned_data
    try:
        change_outlet(
            shown,
            by=request.member,
            seen=asked["seen"],
            active=asked["active"],
            now=now(),
            **form.told(),
        )
    except OutletStale:
        form.add_error(None, _("Somebody changed this outlet meanwhile. Load the page again."))
        return _outlet_page(request, shown, form=form, status=409)
    messages.success(request, _("Saved."))
    return redirect("outlet", pk=shown.pk)


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def outlet_test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a test message to an outlet."""
    shown = _outlet(request, pk)
    try_outlet(shown, by=request.member, now=now())
    messages.info(request, _("A test is on its way. Its line below says whether it arrived."))
    return redirect("outlet", pk=shown.pk)


@proves
@asks(Decision.WORKSPACE_EDIT)
@never_cache
@require_POST
def outlet_secret(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a webhook a new secret, and show it once."""
    shown = _outlet(request, pk)
    if shown.kind != OutletKind.WEBHOOK:
        raise Http404
    try:
        secret = change_secret(shown, by=request.member, now=now())
    except VaultClosed as closed:
        messages.error(request, str(closed))
        return redirect("outlet", pk=shown.pk)
    return _outlet_page(request, _outlet(request, pk), secret=secret)


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def outlet_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove an outlet."""
    shown = _outlet(request, pk)
    remove_outlet(shown, by=request.member, now=now())
    messages.success(request, _("%(name)s is removed.") % {"name": shown.name})
    return redirect("outlets")


@proves
@asks(Decision.WORKSPACE_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def slack(request: MemberRequest) -> HttpResponse:
    """Connect the workspace's Slack app; who may not is shown who may."""
    team = _slack(request)
    form = SlackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            connect_slack(request.member, now=now(), **form.cleaned_data)
        except VaultClosed as closed:
            form.add_error(None, str(closed))
        else:
            messages.success(request, _("Slack is connected."))
            return redirect("outlets-slack")
    context = {
        "form": form,
        "team": team,
        "may_connect": may_connect(request.member),
        "able": who_connects(request.member),
        "calls": address_of("slack-calls", key=team.key) if team else "",
    }
    return render(
        request, "notify/slack.html", context, status=422 if request.method == "POST" else 200
    )


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def slack_disconnect(request: MemberRequest) -> HttpResponse:
    """Forget the workspace's Slack app."""
    try:
        disconnect_slack(request.member, now=now())
        messages.success(request, _("Slack is disconnected."))
    except NoSlack:
        messages.info(request, _("Slack was not connected."))
    return redirect("outlets")
