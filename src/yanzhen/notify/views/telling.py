"""How the reader wants to be told: which news which way, quiet hours, and who they are in Slack."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.notify.actions.manners import set_manner
from yanzhen.notify.actions.slack import (
    LINK_LASTS,
    LinkDead,
    NoSlack,
    TooOften,
    ask_link,
    link_slack,
    read_link,
    unlink_slack,
)
from yanzhen.notify.forms import MannerForm, SlackUserForm, manner_values
from yanzhen.notify.models import LINKING, Browser, Letter, PushKey, SlackLink, SlackTeam
from yanzhen.notify.states import Way
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.mail import mail_is_set_up
from yanzhen.people.models import Member


def _ways(member: Member) -> tuple[Way, ...]:
    """Return the ways this installation and this workspace have, open to the member or not."""
    ways: tuple[Way, ...] = (Way.MAIL,) if mail_is_set_up() else ()
    if SlackTeam.objects.filter(workspace_id=member.workspace_id).exists():
        ways = (*ways, Way.SLACK)
    return (*ways, Way.PUSH)


@members
@require_http_methods(["GET", "POST"])
def telling(request: MemberRequest) -> HttpResponse:
    """Show and change how the reader is told."""
    ways = _ways(request.member)
    first = manner_values(request.member, ways)
    form = MannerForm(request.POST or None, ways=ways, initial=first)
    if request.method == "POST" and form.is_valid():
        set_manner(
            request.member,
            quiet=form.quiet(),
            digest_at=form.cleaned_data["digest_at"],
            levels=form.levels(),
        )
        messages.success(request, _("Saved."))
        return redirect("telling")
    status = 422 if request.method == "POST" else 200
    return _page(request, form, status=status)


def _page(
    request: MemberRequest,
    form: MannerForm,
    *,
    slack_form: SlackUserForm | None = None,
    status: int = 200,
) -> HttpResponse:
    link = SlackLink.objects.standing().filter(member=request.member).first()
    asked = request.GET.get("slack", "")[:32]
    sent = Letter.objects.filter(member=request.member, kind=LINKING).order_by("-pk")
    context: dict[str, Any] = {
        "form": form,
        "asked": sent.filter(owed_at__gt=now() - LINK_LASTS).first() if link is None else None,
        "has_mail": Way.MAIL in form.ways,
        "has_slack": Way.SLACK in form.ways,
        "link": link,
        "browsers": list(Browser.objects.filter(member=request.member).order_by("pk")),
        "push_key": PushKey.objects.values_list("public", flat=True).first() or "",
        "slack_form": slack_form or SlackUserForm(initial={"slack": asked}),
        "zone": request.member.user.zone,
    }
    return render(request, "notify/telling.html", context, status=status)


@members
@require_POST
def slack_ask(request: MemberRequest) -> HttpResponse:
    """Have a one-time link sent to a Slack user."""
    form = SlackUserForm(request.POST)
    ways = _ways(request.member)
    if not form.is_valid():
        whole = MannerForm(None, ways=ways, initial=manner_values(request.member, ways))
        return _page(request, whole, slack_form=form, status=422)
    try:
        ask_link(request.member, slack_user=form.cleaned_data["slack"], now=now())
    except NoSlack:
        messages.error(request, _("Slack is not connected. An administrator does that."))
    except TooOften:
        messages.error(request, _("You asked for several links. Wait an hour, then ask again."))
    else:
        messages.success(request, _("A link is on its way to you in Slack. Open it here."))
    return redirect(reverse("telling") + "#slack")


@members
@never_cache
@require_http_methods(["GET", "POST"])
def slack_link(request: MemberRequest, token: str) -> HttpResponse:
    """Show who would act as the reader, and link them when the reader says so."""
    try:
        if request.method == "POST":
            link_slack(token, by=request.member, now=now())
            messages.success(request, _("You can act from Slack now."))
            return redirect("telling")
        offered = read_link(token, by=request.member)
    except (LinkDead, NoSlack) as dead:
        code = dead.code if isinstance(dead, LinkDead) else "gone"
        return render(request, "notify/slack_link.html", {"dead": code}, status=410)
    context = {"offered": offered, "token": token}
    return render(request, "notify/slack_link.html", context)


@members
@require_POST
def slack_unlink(request: MemberRequest) -> HttpResponse:
    """End the reader's link with Slack."""
    if unlink_slack(request.member, now=now()):
        messages.success(request, _("Slack no longer acts as you."))
    return redirect("telling")
