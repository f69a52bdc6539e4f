"""What each role is for and may decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people import ports, queries
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.roles import (
    BadScope,
    NotByAccount,
    NoTitle,
    RoleInUse,
    edit_role,
    make_role,
    retire_role,
    return_role,
)
from yanzhen.people.forms import SeenForm
from yanzhen.people.forms_rights import RoleForm, role_initial
from yanzhen.people.gate import MemberRequest, asks, members, proves
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision
from yanzhen.people.roles import SEEDS
from yanzhen.people.views.team import refused_words


@members
@require_GET
def roles(request: MemberRequest) -> HttpResponse:
    """List the roles with mission, duty statement, measures and who holds them."""
    return _list(request)


def _list(request: MemberRequest, *, note: str = "", status: int = 200) -> HttpResponse:
    everyone = Member.objects.visible_to(request.member).active().with_roles()
    staff = list(everyone.order_by("user__name", "pk"))
    every = Role.objects.visible_to(request.member).select_related("counts_as")
    context = {
        "cards": queries.cards(list(every.in_order()), staff, measured=True, now=now()),
        "retired": list(every.retired()),
        "may_edit": request.member.may(Decision.ROLE_EDIT),
        "note": note,
    }
    return render(request, "people/roles.html", context, status=status)


def _places(request: MemberRequest) -> list[ports.Place]:
    return list(ports.accounts_of(request.member.workspace_id))


@proves
@asks(Decision.ROLE_EDIT)
@require_http_methods(["GET", "POST"])
def role_new(request: MemberRequest) -> HttpResponse:
    """Make a role, from nothing or from the one numbered ``copy``."""
    asked = parse_id(request.GET.get("copy"))
    mine = Role.objects.visible_to(request.member).in_order()
    model = get_object_or_404(mine, pk=asked) if asked is not None else None
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        initial=role_initial(model, copy=True) if model else {"where": "all"},
        member=request.member,
        places=_places(request),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _make(request, form, model):
            return redirect("roles")
    context = {"form": form, "role": None, "model": model, "seed": None, "note": ""}
    return render(request, "people/role.html", context, status=status)


def _make(request: MemberRequest, form: RoleForm, model: Role | None) -> bool:
    wish = form.wish(copied=model.slug if model else "")
    try:
        made = make_role(request.member.workspace, wish=wish, by=request.member, now=now())
    except (BadScope, NotByAccount, NoTitle):
        # The form asks for all of it; what is left is an account that went meanwhile.
        form.add_error("accounts", _("One of these accounts is gone. Look and choose again."))
        return False
    text = _("The role %(title)s is made. Give it to members on their page.")
    messages.success(request, text % {"title": made.shown_title})
    return True


@proves
@asks(Decision.ROLE_EDIT)
@require_http_methods(["GET", "POST"])
def role(request: MemberRequest, role_id: int) -> HttpResponse:
    """Change one role."""
    found = _find(request, role_id)
    form = _form(request, found, request.POST if request.method == "POST" else None)
    note, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_role(
                found,
                wish=form.wish(),
                seen=form.cleaned_data["seen"],
                by=request.member,
                now=now(),
            )
        except (BadScope, NotByAccount, NoTitle):
            form.add_error("accounts", _("One of these accounts is gone. Look and choose again."))
        except (ChangedMeanwhile, LastHolder) as refusal:
            found = Role.objects.get(pk=found.pk)
            form, note, status = _form(request, found), refused_words(refusal), 409
        else:
            text = _("The role %(title)s is changed.") % {"title": found.shown_title}
            messages.success(request, text)
            return redirect("roles")
    context = {
        "form": form,
        "role": found,
        "model": None,
        "seed": SEEDS.get(found.slug),
        "note": note,
    }
    return render(request, "people/role.html", context, status=status)


def _find(request: MemberRequest, role_id: int) -> Role:
    return get_object_or_404(Role.objects.visible_to(request.member), pk=role_id)


def _form(request: MemberRequest, role_: Role, posted: Any = None) -> RoleForm:
    return RoleForm(
        posted,
        initial=role_initial(role_),
        member=request.member,
        places=_places(request),
        role=role_,
    )


@proves
@asks(Decision.ROLE_EDIT)
@require_POST
def role_retire(request: MemberRequest, role_id: int) -> HttpResponse:
    """Put a role of the team's own away."""
    found, form = _find(request, role_id), SeenForm(request.POST)
    if not form.is_valid():
        note = _("The page was incomplete. Look and try again.")
        return _list(request, note=note, status=422)
    try:
        retire_role(found, seen=form.cleaned_data["seen"], by=request.member, now=now())
    except RoleInUse as used:
        return _list(request, note=_used_words(found, used), status=409)
    except BadScope:
        note = _("Every team has this role. It can be changed, not put away.")
        return _list(request, note=note, status=409)
    except ChangedMeanwhile as refusal:
        return _list(request, note=refused_words(refusal), status=409)
    undo = f"undo:{reverse('role-return', args=[found.pk])}?seen={found.revision}"
    text = _("The role %(title)s is put away.") % {"title": found.shown_title}
    messages.success(request, text, extra_tags=undo)
    return redirect("roles")


def _used_words(found: Role, used: RoleInUse) -> str:
    whose = ", ".join([*(member.name for member in used.holders), *used.uses])
    text = _("The role %(title)s is still in use: %(whose)s. Change that first.")
    return text % {"title": found.shown_title, "whose": whose}


@proves
@asks(Decision.ROLE_EDIT)
@require_POST
def role_return(request: MemberRequest, role_id: int) -> HttpResponse:
    """Bring a role that was put away back; the way back of a toast says ``seen`` in its address."""
    found = _find(request, role_id)
    form = SeenForm(request.POST if "seen" in request.POST else request.GET)
    if not form.is_valid():
        note = _("The page was incomplete. Look and try again.")
        return _list(request, note=note, status=422)
    try:
        return_role(found, seen=form.cleaned_data["seen"], by=request.member, now=now())
    except ChangedMeanwhile as refusal:
        return _list(request, note=refused_words(refusal), status=409)
    text = _("The role %(title)s is back.") % {"title": found.shown_title}
    messages.success(request, text)
    return redirect("roles")
