"""Small pages of the frame: more, language, health."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yanzhen.people.actions.profile import change_language
from yanzhen.people.gate import members, strangers
from yanzhen.people.models import User
from yanzhen.web.shell import Shell


@require_GET
@members
def more(request: HttpRequest) -> HttpResponse:
    """Show every room, for phones, where the rail has five tabs only."""
    return render(request, "web/more.html")


@require_GET
@never_cache
@members
def frame(request: HttpRequest) -> HttpResponse:
    """Give an open page what its frame keeps true: banners, the bell, numbers beside the rooms.

    204 when nothing has changed since ``seen``, so that nothing moves and nothing is read out.
    """
    if request.GET.get("seen") == Shell(request).mark:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "_parts/frame.html")


@require_POST
@strangers
def language(request: HttpRequest) -> HttpResponse:
    """Remember a language, in a cookie and in the member's profile, and go back."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    # Not redirect(): a word without a slash would be taken for the name of a page.
    response = HttpResponseRedirect(back)
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        if isinstance(request.user, User):
            change_language(request.user, language=chosen)
    return response


@require_GET
@strangers
def health(request: HttpRequest) -> JsonResponse:
    """Tell a load balancer whether this process can reach its database. No details to strangers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
