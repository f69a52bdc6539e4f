"""How a team of this size works: the presets, what is on, and the next step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, asks, proves
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.review.actions.ways import choose_way
from yanzhen.review.forms_ways import WAY_REFUSALS, WayForm, chosen_words
from yanzhen.review.ways import growths, mechanisms, way_of


@proves
@asks(Decision.FLOW_EDIT)
@require_http_methods(["GET", "POST"])
def way(request: MemberRequest) -> HttpResponse:
    """Show the presets and what the numbers suggest, and choose one."""
    member = request.member
    current = way_of(member.workspace_id)
    form = WayForm(
        request.POST if request.method == "POST" else None,
        member=member,
        may_hat=member.may(Decision.MEMBER_ROLES),
        initial={"way": current.slug if current else ""},
    )
    if request.method == "POST" and form.is_valid() and _chosen(request, form):
        return redirect("review-way")
    team = list(Member.objects.visible_to(member).active().with_roles())
    context = {
        "form": form,
        "current": current,
        "mechanisms": mechanisms(member.workspace_id),
        "growths": growths(member.workspace_id, team, now=clock.now()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "review/way.html", context, status=status)


def _chosen(request: MemberRequest, form: WayForm) -> bool:
    """Choose the way, and return whether it was done; otherwise the form says why not."""
    workspace, way_wanted = request.member.workspace, form.chosen()
    roles = {role.slug: role for role in workspace.roles.in_order()}
    try:
        choose_way(
            workspace,
            way_wanted,
            hats=form.hats(roles),
            reason=form.cleaned_data["reason"],
            by=request.member,
            now=clock.now(),
        )
    except WAY_REFUSALS as refused:
        form.refuse(refused)
        return False
    messages.success(request, chosen_words(way_wanted))
    return True
