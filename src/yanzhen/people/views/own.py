"""A person's own pages: profile, sign-ins, workspaces."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.actions.profile import change_profile
from yanzhen.people.actions.sessions import end_other_sessions, end_session
from yanzhen.people.devices import device_words
from yanzhen.people.forms import ProfileForm
from yanzhen.people.gate import UserRequest, users
from yanzhen.people.mail import send_shut_out
from yanzhen.people.membership import SESSION_KEY
from yanzhen.people.models import Member

LONGEST_NUMBER = 19


@users
@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    """Show and change your own words, zone, language and working hours."""
    user = request.user
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_profile(user, form.profile())
        with translation.override(user.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    context = {"form": form, "person": user, "base": _base(request)}
    return render(
        request, "people/profile.html", context, status=422 if request.method == "POST" else 200
    )


@users
@require_GET
def sessions(request: UserRequest) -> HttpResponse:
    """List where you are signed in, this session first."""
    rows = UserSession.objects.filter(user=request.user).order_by("-last_seen_at", "-pk")
    shown = [
        {
            "pk": row.pk,
            "device": device_words(row.user_agent),
            "address": row.ip,
            "since_at": row.created_at,
            "seen_at": row.last_seen_at,
            "here": row.session_key == request.session.session_key,
        }
        for row in rows
    ]
    shown.sort(key=lambda each: not each["here"])
    context = {"sessions": shown, "others": len(shown) - 1, "base": _base(request)}
    return render(request, "people/sessions.html", context)


@users
@require_POST
def session_end(request: UserRequest, session_id: int) -> HttpResponse:
    """End one of your sessions; ending this one signs you out."""
    row = get_object_or_404(UserSession, user=request.user, pk=session_id)
    end_session(request.user, session_id=row.pk)
    if row.session_key == request.session.session_key:
        logout(request)
        return redirect("sign-in")
    messages.success(request, _("That session is ended."))
    return redirect("sessions")


@users
@require_POST
def sessions_end(request: UserRequest) -> HttpResponse:
    """End all your sessions but this one, and what else somebody could go on reading by."""
    count = end_other_sessions(request.user, but=request.session.session_key or "", now=now())
    send_shut_out(request.user, password=False)
    messages.success(
        request,
        ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", count)
        % {"count": count},
    )
    return redirect("sessions")


@users
@require_http_methods(["GET", "POST"])
def workspaces(request: UserRequest) -> HttpResponse:
    """List your workspaces, or open one: ``workspace`` is its number."""
    mine = Member.objects.active().filter(user=request.user)
    mine = mine.select_related("workspace", "primary_role").order_by("workspace__name", "pk")
    if request.method == "POST":
        asked = request.POST.get("workspace", "")
        sayable = asked.isdecimal() and len(asked) < LONGEST_NUMBER
        chosen = mine.filter(workspace_id=int(asked)).first() if sayable else None
        if chosen is None:
            raise Http404
        request.session[SESSION_KEY] = chosen.workspace_id
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "people/workspaces.html", {"mine": list(mine), "person": request.user})


def _base(request: UserRequest) -> str:
    """Return the frame: the desk for members, the plain sheet for those without a workspace."""
    return "base.html" if request.member else "base_outside.html"
