"""What each role is for and may decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.roles import edit_role
from yanzhen.people.forms import RoleForm
from yanzhen.people.gate import MemberRequest, asks, members, proves
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision
from yanzhen.people.roles import SEEDS
from yanzhen.people.views.team import refused_words


@members
@require_GET
def roles(request: MemberRequest) -> HttpResponse:
    """List the roles with mission, duty statement and who holds them."""
    everyone = Member.objects.visible_to(request.member).active().with_roles()
    staff = list(everyone.order_by("user__name", "pk"))
    found = Role.objects.visible_to(request.member).in_order()
    context = {
        "roles": [(role, [m for m in staff if m.has_role(role.pk)]) for role in found],
        "may_edit": request.member.may(Decision.ROLE_EDIT),
    }
    return render(request, "people/roles.html", context)


@proves
@asks(Decision.ROLE_EDIT)
@require_http_methods(["GET", "POST"])
def role(request: MemberRequest, role_id: int) -> HttpResponse:
    """Change one role."""
    found = get_object_or_404(Role.objects.visible_to(request.member), pk=role_id)
    form = _form(found, request.POST if request.method == "POST" else None)
    note, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_role(found, **form.cleaned_data, by=request.member, now=now())
        except (ChangedMeanwhile, LastHolder) as refusal:
            found = Role.objects.get(pk=found.pk)
            form, note, status = _form(found), refused_words(refusal), 409
        else:
            text = _("The role %(title)s is changed.") % {"title": found.shown_title}
            messages.success(request, text)
            return redirect("roles")
    context = {"form": form, "role": found, "seed": SEEDS.get(found.slug), "note": note}
    return render(request, "people/role.html", context, status=status)


def _form(role_: Role, posted: Any = None) -> RoleForm:
    initial = {
        "title": role_.title,
        "mission": role_.mission,
        "decisions": role_.granted,
        "seen": role_.revision,
    }
    return RoleForm(posted, initial=initial)
