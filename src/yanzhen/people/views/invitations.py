"""Inviting people, and the page behind an invitation's link."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people import mail
from yanzhen.people.actions.invitations import (
    GOOD_FOR,
    AlreadyMember,
    InvitationClosed,
    OtherPerson,
    accept_invitation,
    invite_member,
    join_workspace,
    token_hash,
    why_closed,
    withdraw_invitation,
)
from yanzhen.people.forms import InviteForm, JoinForm, already_words
from yanzhen.people.gate import MemberRequest, asks, proves_when, strangers
from yanzhen.people.membership import SESSION_KEY
from yanzhen.people.models import Invitation, Member, User
from yanzhen.people.queries import gives_powers
from yanzhen.people.rights import Decision

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _gives_powers(request: MemberRequest) -> bool:
    return gives_powers(request.member, [request.POST.get("role", "")])


@proves_when(_gives_powers)
@asks(Decision.MEMBER_INVITE)
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    """Invite somebody; the link is on the answer, and nowhere else afterwards."""
    initial = {"language": request.user.language}
    form = InviteForm(request.POST or None, member=request.member, initial=initial)
    context = {"form": form, "mail": mail.mail_is_set_up(), "days": GOOD_FOR.days}
    if request.method != "POST":
        return render(request, "people/invite.html", context)
    if form.is_valid():
        try:
            invitation, token = invite_member(
                request.member.workspace, **form.cleaned_data, by=request.member, now=now()
            )
        except AlreadyMember as known:
            form.add_error("email", already_words(known.member))
        else:
            link = mail.address_of("join", token=token)
            mailed = mail.send_invitation(invitation, link)
            context |= {"invitation": invitation, "link": link, "mailed": mailed}
            return render(request, "people/invited.html", context)
    return render(request, "people/invite.html", context, status=422)


@asks(Decision.MEMBER_INVITE)
@require_POST
def withdraw(request: MemberRequest, invitation_id: int) -> HttpResponse:
    """Make an invitation's link useless."""
    mine = Invitation.objects.visible_to(request.member)
    invitation = get_object_or_404(mine, pk=invitation_id)
    try:
        withdraw_invitation(invitation, by=request.member, now=now())
    except InvitationClosed as closed:
        messages.warning(request, _closed_words(closed.reason))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("team")


def _closed_words(reason: str) -> str:
    return {
        "taken": _("This invitation was used already."),
        "withdrawn": _("This invitation was withdrawn."),
        "expired": _("This invitation has expired."),
        "removed": _("You were a member of this workspace before."),
    }[reason]


@strangers
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited person in: a new one by name and password, a known one by signing in."""
    found = Invitation.objects.select_related("workspace", "role", "invited_by__user")
    invitation = get_object_or_404(found, token_hash=token_hash(token))
    if not request.user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        # The inviter knows the guest's language better than a browser does.
        translation.activate(invitation.language)
        request.LANGUAGE_CODE = invitation.language
    if not Invitation.objects.open(now=now()).filter(pk=invitation.pk).exists():
        return _closed(request, invitation, why_closed(invitation))
    known = User.objects.filter(email=invitation.email).exists()
    try:
        if isinstance(request.user, User):
            return _join_signed_in(request, request.user, invitation)
        if known:
            return _page(request, invitation, {"mode": "sign_in"})
        return _join_new(request, invitation)
    except InvitationClosed as closed:
        return _closed(request, invitation, closed.reason)
    except OtherPerson:
        # Their account was made in another window since this page was shown.
        return _page(request, invitation, {"mode": "sign_in"}, status=409)


def _join_signed_in(request: HttpRequest, user: User, invitation: Invitation) -> HttpResponse:
    if user.email != invitation.email:
        return _page(request, invitation, {"mode": "other"}, status=403)
    if request.method != "POST":
        return _page(request, invitation, {"mode": "confirm"})
    member = join_workspace(invitation, user=user, now=now())
    return _enter(request, member)


def _join_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    guest = User(email=invitation.email, name=invitation.name)
    initial = {
        "name": invitation.name,
        "language": invitation.language,
        "zone": invitation.workspace.zone,
    }
    form = JoinForm(request.POST or None, user=guest, initial=initial)
    if request.method != "POST":
        return _page(request, invitation, {"mode": "new", "form": form})
    if not form.is_valid():
        return _page(request, invitation, {"mode": "new", "form": form}, status=422)
    member = accept_invitation(invitation, **form.cleaned_data, now=now())
    login(request, member.user, backend=BACKEND)
    return _enter(request, member)


def _enter(request: HttpRequest, member: Member) -> HttpResponse:
    request.session[SESSION_KEY] = member.workspace_id
    return redirect(settings.LOGIN_REDIRECT_URL)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    by = invitation.invited_by
    shared = {"invitation": invitation, "by": by.user.name if by else ""}
    return render(request, "people/join.html", {**shared, **context}, status=status)


def _closed(request: HttpRequest, invitation: Invitation, reason: str) -> HttpResponse:
    context = {"mode": "closed", "reason": _closed_words(reason)}
    return _page(request, invitation, context, status=410)
