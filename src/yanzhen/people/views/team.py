"""The team: members, who may decide what, who leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.activity.feed import events
from yanzhen.kernel.clock import now
from yanzhen.people import ports, queries
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.members import change_roles, deactivate_member, reactivate_member
from yanzhen.people.actions.workspaces import NotAccepted, change_workspace, set_lead
from yanzhen.people.forms import LeadForm, RolesForm, SeenForm, WorkspaceForm
from yanzhen.people.gate import MemberRequest, asks, members, proves, proves_when
from yanzhen.people.models import Delegation, Invitation, Member, Role, Workspace
from yanzhen.people.rights import DUTIES, POWERS, Decision

MOST_HISTORY = 8


def refused_words(refusal: ChangedMeanwhile | LastHolder) -> str:
    """Say why a change of people was refused and what to do."""
    if isinstance(refusal, ChangedMeanwhile):
        return _("Somebody changed this meanwhile. Here is how it stands now; look and try again.")
    if refusal.decision is None:
        return _("This would leave the workspace without an administrator. Name another one first.")
    return _("This would leave nobody who may: %(duty)s Give it to somebody else first.") % {
        "duty": DUTIES[refusal.decision].sentence
    }


@members
@require_GET
def team(request: MemberRequest) -> HttpResponse:
    """Show who flies where."""
    return _team(request)


def _team(
    request: MemberRequest, *, lead: LeadForm | None = None, status: int = 200, note: str = ""
) -> HttpResponse:
    moment, workspace = now(), request.member.workspace
    everyone = list(
        Member.objects.visible_to(request.member).with_roles().order_by("user__name", "pk")
    )
    active = [member for member in everyone if member.active and member.user.is_active]
    found = Role.objects.visible_to(request.member).in_order().select_related("counts_as")
    roles = list(found)
    away = ports.away_at(workspace.pk, moment)
    rows = queries.decision_rows(roles, active, away=away)
    inviting = request.member.may(Decision.MEMBER_INVITE)
    waiting = Invitation.objects.visible_to(request.member).waiting() if inviting else ()
    template, board = ports.board_of(request.member, moment)
    context = {
        "board_template": template,
        "board": board,
        "active": [(m, queries.at_work(m, now=moment)) for m in active],
        "former": [member for member in everyone if not member.active],
        "cities": len({member.user.city or member.user.zone for member in active}),
        "cards": queries.cards(roles, active, measured=False, now=moment),
        "columns": roles,
        "rows": rows,
        "gaps": sum(row.found in ("gap", "account", "away") for row in rows),
        "overlaps": sum(row.found == "overlap" for row in rows),
        "invitations": [(each, each.expires_at <= moment) for each in waiting],
        "lead": workspace.lead,
        "lead_form": lead or _lead_form(request),
        "may_lead": request.member.may(Decision.LEAD_SET),
        "may_invite": inviting,
        "may_edit": request.member.may(Decision.WORKSPACE_EDIT),
        "note": note,
        "workspace": workspace,
    }
    return render(request, "people/team.html", context, status=status)


def _lead_form(request: MemberRequest, posted: Any = None) -> LeadForm:
    workspace = request.member.workspace
    initial = {
        "member": workspace.lead_id,
        "until": workspace.lead_until_at,
        "seen": workspace.revision,
    }
    return LeadForm(posted, workspace=workspace, now=now(), initial=initial, prefix="lead")


@asks(Decision.LEAD_SET)
@require_POST
def lead(request: MemberRequest) -> HttpResponse:
    """Name the first to have the lead, or take it."""
    form = _lead_form(request, request.POST)
    if not form.is_valid():
        return _team(request, lead=form, status=422)
    workspace = request.member.workspace
    try:
        set_lead(workspace, **form.cleaned_data, by=request.member, now=now())
    except ChangedMeanwhile as refusal:
        request.member.workspace.refresh_from_db()
        return _team(request, status=409, note=refused_words(refusal))
    except NotAccepted:
        note = _("The lead moves when it is accepted. Write a handoff.")
        return _team(request, status=409, note=note)
    chosen: Member = form.cleaned_data["member"]
    messages.success(request, _("%(name)s has the lead.") % {"name": chosen.user.name})
    return redirect("team")


@members
@require_GET
def member(request: MemberRequest, member_id: int) -> HttpResponse:
    """Show one member: hours, roles, duties and what happened to their place in the team."""
    return _member(request, _find(request, member_id))


def _find(request: MemberRequest, member_id: int) -> Member:
    return get_object_or_404(Member.objects.visible_to(request.member).with_roles(), pk=member_id)


def _member(
    request: MemberRequest,
    shown: Member,
    *,
    form: RolesForm | None = None,
    status: int = 200,
    note: str = "",
) -> HttpResponse:
    granted = {slug for role in shown.roles for slug in role.granted}
    reach = granted <= request.member.own_decisions() or request.member.may(Decision.MEMBER_ROLES)
    history = events().objects.told_to(request.member)
    context = {
        "shown": shown,
        "working": queries.at_work(shown, now=now()),
        "duties": [duty.sentence for d, duty in DUTIES.items() if d.value in granted],
        "lent": _lent(shown),
        "history": history.about("people.member", str(shown.pk)).newest_first()[:MOST_HISTORY],
        "form": form or _roles_form(request, shown),
        "seen": shown.revision,
        "may_roles": request.member.may(Decision.MEMBER_ROLES) and shown.active,
        "may_remove": request.member.may(Decision.MEMBER_INVITE) and reach,
        "note": note,
    }
    return render(request, "people/member.html", context, status=status)


def _lent(shown: Member) -> list[Delegation]:
    """Return what this member decides for others now, and others for them."""
    running = Delegation.objects.running(now=now()).with_people()
    return list(running.filter(Q(giver=shown) | Q(receiver=shown)).order_by("ends_at", "pk"))


def _roles_form(request: MemberRequest, shown: Member, posted: Any = None) -> RolesForm:
    initial = {
        "primary": shown.primary_role_id,
        "further": [role.pk for role in shown.roles[1:]],
        "seen": shown.revision,
    }
    return RolesForm(posted, member=request.member, initial=initial)


@proves
@asks(Decision.MEMBER_ROLES)
@require_POST
def roles_of(request: MemberRequest, member_id: int) -> HttpResponse:
    """Give a member their roles."""
    shown = _find(request, member_id)
    form = _roles_form(request, shown, request.POST)
    if not form.is_valid():
        return _member(request, shown, form=form, status=422)
    try:
        change_roles(shown, **form.cleaned_data, by=request.member, now=now())
    except (ChangedMeanwhile, LastHolder) as refusal:
        fresh = _find(request, member_id)
        return _member(request, fresh, status=409, note=refused_words(refusal))
    messages.success(request, _("The roles of %(name)s are changed.") % {"name": shown.user.name})
    return redirect("member", member_id=member_id)


@asks(Decision.MEMBER_INVITE)
@require_POST
def remove(request: MemberRequest, member_id: int) -> HttpResponse:
    """Let a member go."""
    return _come_or_go(request, member_id, deactivate_member, _("%(name)s is no longer a member."))


def _gives_powers_back(request: MemberRequest, member_id: int) -> bool:
    """Tell whether a former member's roles are such as could take every right."""
    rows = Member.objects.visible_to(request.member).with_roles()
    former = rows.filter(pk=member_id).first()
    return former is not None and any(POWERS & set(role.granted) for role in former.roles)


@proves_when(_gives_powers_back)
@asks(Decision.MEMBER_INVITE)
@require_POST
def bring_back(request: MemberRequest, member_id: int) -> HttpResponse:
    """Bring a former member back."""
    return _come_or_go(request, member_id, reactivate_member, _("%(name)s is back in the team."))


def _come_or_go(request: MemberRequest, member_id: int, action: Any, words: str) -> HttpResponse:
    shown = _find(request, member_id)
    form = SeenForm(request.POST)
    if not form.is_valid():
        note = _("The page was incomplete. Look and try again.")
        return _member(request, shown, status=422, note=note)
    try:
        action(shown, seen=form.cleaned_data["seen"], by=request.member, now=now())
    except (ChangedMeanwhile, LastHolder) as refusal:
        fresh = _find(request, member_id)
        return _member(request, fresh, status=409, note=refused_words(refusal))
    messages.success(request, words % {"name": shown.user.name})
    return redirect("team")


@asks(Decision.WORKSPACE_EDIT)
@require_http_methods(["GET", "POST"])
def workspace_settings(request: MemberRequest) -> HttpResponse:
    """Change the workspace's name, home zone, and what it asks of its posts."""
    workspace = request.member.workspace
    initial = _settings_of(workspace)
    form = WorkspaceForm(request.POST or None, initial=initial)
    note, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_workspace(workspace, **form.cleaned_data, by=request.member, now=now())
            except ChangedMeanwhile as refusal:
                workspace.refresh_from_db()
                form, status = WorkspaceForm(initial=_settings_of(workspace)), 409
                note = refused_words(refusal)
            else:
                messages.success(request, _("The settings are saved."))
                return redirect("workspace")
    return render(request, "people/workspace.html", {"form": form, "note": note}, status=status)


def _settings_of(workspace: Workspace) -> dict[str, Any]:
    return {
        "name": workspace.name,
        "zone": workspace.zone,
        "alt_required": workspace.alt_required,
        "seen": workspace.revision,
    }
