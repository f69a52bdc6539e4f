"""Which group makes somebody what, and what newcomers are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.actions.keep import LastHolder
from yanzhen.people.gate import MemberRequest, asks, proves
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.views.team import refused_words
from yanzhen.signin import groups as sources
from yanzhen.signin.actions.mapping import (
    MappedAlready,
    NotYours,
    choose_newcomers_role,
    map_group,
    unmap_group,
)
from yanzhen.signin.forms import GroupForm, NewcomersForm
from yanzhen.signin.models import GroupRole, NewcomersRole


@proves
@asks(Decision.WORKSPACE_EDIT)
@require_http_methods(["GET", "POST"])
def groups(request: MemberRequest) -> HttpResponse:
    """Show the mapping, and add a line to it."""
    form = GroupForm(request.POST or None, member=request.member, sources=sources.choices())
    if request.method == "POST" and form.is_valid() and _map(request, form):
        messages.success(request, _("Mapped. The log says whose roles follow."))
        return redirect("groups")
    return _page(request, form=form, status=422 if request.method == "POST" else 200)


def _map(request: MemberRequest, form: GroupForm) -> bool:
    """Add a line, and return whether it was done; otherwise the form says why not."""
    asked = form.cleaned_data
    try:
        map_group(**asked, name=sources.name_of(asked["source"]), by=request.member, now=now())
    except MappedAlready:
        form.add_error("group", _("This group gives this role already."))
    except NotYours as refused:
        form.add_error("role", _yours_only(refused))
    except LastHolder as refusal:
        form.add_error(None, refused_words(refusal))
    return not form.errors


def _yours_only(refused: NotYours) -> str:
    """Say which right one must have to hand it out from outside."""
    duty = DUTIES[refused.decision].sentence
    return _("Only somebody who has this right may hand it out from outside: %(duty)s") % {
        "duty": duty
    }


def _page(
    request: MemberRequest,
    *,
    form: GroupForm | None = None,
    newcomers: NewcomersForm | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    member = request.member
    chosen = NewcomersRole.objects.filter(workspace_id=member.workspace_id).first()
    lines = GroupRole.objects.visible_to(member).select_related("role")
    initial = {"newcomers": chosen.role_id if chosen else None}
    context = {
        "lines": [
            (line, sources.name_of(line.source)) for line in lines.order_by("group", "source", "pk")
        ],
        "form": form or GroupForm(member=member, sources=sources.choices()),
        "newcomers": newcomers or NewcomersForm(member=member, initial=initial),
        "may": member.may(Decision.MEMBER_ROLES),
        "note": note,
    }
    return render(request, "signin/groups.html", context, status=status)


@proves
@asks(Decision.WORKSPACE_EDIT)
@require_POST
def newcomers(request: MemberRequest) -> HttpResponse:
    """Say what members made from outside start as."""
    form = NewcomersForm(request.POST, member=request.member)
    if form.is_valid():
        try:
            choose_newcomers_role(form.cleaned_data["newcomers"], by=request.member, now=now())
        except NotYours as refused:
            form.add_error("newcomers", _yours_only(refused))
        else:
            messages.success(request, _("Saved. It counts for whoever comes from now on."))
            return redirect("groups")
    return _page(request, newcomers=form, status=422)


@proves
@asks(Decision.WORKSPACE_EDIT)
@require_POST
def group_end(request: MemberRequest, pk: int) -> HttpResponse:
    """End a line of the mapping."""
    lines = GroupRole.objects.visible_to(request.member).select_related("role")
    line = get_object_or_404(lines, pk=pk)
    try:
        unmap_group(line, name=sources.name_of(line.source), by=request.member, now=now())
    except LastHolder as refusal:
        return _page(request, note=refused_words(refusal), status=409)
    messages.success(request, _("Ended. Roles that only this line gave are taken back."))
    return redirect("groups")
