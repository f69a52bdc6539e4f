"""How a workspace signs in: who needs a second step, and who has one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.actions.demanding import demand_second_factor
from yanzhen.people.actions.keep import ChangedMeanwhile
from yanzhen.people.gate import MemberRequest, asks, proves
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision
from yanzhen.people.views.team import refused_words
from yanzhen.signin.actions.factors import Elsewhere, reset_factors
from yanzhen.signin.actions.provisioning import make_token, revoke_token
from yanzhen.signin.forms import RulesForm
from yanzhen.signin.mail import send_factors_reset
from yanzhen.signin.models import ScimToken
from yanzhen.signin.queries import users_with_factor


@proves
@asks(Decision.WORKSPACE_EDIT)
@require_http_methods(["GET", "POST"])
def rules(request: MemberRequest) -> HttpResponse:
    """Say who must sign in with more than a password."""
    form = RulesForm(request.POST or None, member=request.member, initial=_initial(request))
    note, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            demand_second_factor(
                request.member.workspace, **form.cleaned_data, by=request.member, now=now()
            )
        except ChangedMeanwhile as refusal:
            request.member.workspace.refresh_from_db()
            form = RulesForm(member=request.member, initial=_initial(request))
            note, status = refused_words(refusal), 409
        else:
            messages.success(request, _("Saved. It counts from everybody’s next click."))
            return redirect("sign-in-rules")
    team = list(
        Member.objects.visible_to(request.member)
        .active()
        .with_roles()
        .select_related("workspace")
        .order_by("user__name", "pk")
    )
    having = users_with_factor(member.user_id for member in team)
    context = {
        "form": form,
        "note": note,
        "team": [(member, member.user_id in having, member.needs_second_factor) for member in team],
        "token": ScimToken.objects.visible_to(request.member).open().first(),
        "may_reset": request.member.may(Decision.MEMBER_ROLES),
    }
    return render(request, "signin/rules.html", context, status=status)


def _initial(request: MemberRequest) -> dict[str, object]:
    asked = Role.objects.visible_to(request.member).filter(second_factor=True)
    return {
        "everybody": request.member.workspace.second_factor,
        "roles": list(asked.values_list("pk", flat=True)),
        "seen": request.member.workspace.revision,
    }


@proves
@asks(Decision.WORKSPACE_EDIT)
@never_cache
@require_POST
def directory(request: MemberRequest) -> HttpResponse:
    """Make a key for a directory and show it this once, or end the one there is."""
    workspace = request.member.workspace
    if request.POST.get("end"):
        revoke_token(workspace, by=request.member, now=now())
        messages.success(request, _("The directory is shut out."))
        return redirect("sign-in-rules")
    secret = make_token(workspace, by=request.member, now=now())
    context = {"secret": secret, "address": address_of("scim-users").removesuffix("/Users")}
    return render(request, "signin/directory.html", context)


@proves
@asks(Decision.MEMBER_ROLES)
@require_POST
def reset(request: MemberRequest, member_id: int) -> HttpResponse:
    """Take the lost second factors from a member."""
    team = Member.objects.visible_to(request.member).active().select_related("user")
    found = get_object_or_404(team, pk=member_id)
    try:
        reset_factors(found, by=request.member, now=now())
    except Elsewhere:
        words = _("%(name)s is in another workspace too. Only they themselves can change it.")
        messages.warning(request, words % {"name": found.name})
    else:
        send_factors_reset(found.user)
        words = _(
            "%(name)s signs in by password next time, and sets up anew. Their sessions, pushed"
            " news, link with Slack and calendar links have ended."
        )
        messages.success(request, words % {"name": found.name})
    return redirect("sign-in-rules")
