"""How a no is said: which page, which status, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import DUTIES, NotAllowed

logger = logging.getLogger(__name__)
#: Found by a move that was refused for another reason than the state of the row.
_NO_STATE = ("changed", "gone")


def _why(refused: NotAllowed) -> str:
    """Return the reason in the reader's language."""
    return {
        "no_right": _("Your roles do not carry this decision."),
        "other_account": _("Your roles carry this decision for other accounts only."),
        "lent_own": _(
            "You would decide by the right of somebody whose own work or proposal this is, so "
            "another person must."
        ),
        "own_work": _("You wrote part of this, so somebody else must judge it."),
        "already_decided": _("You have decided in this round already; another person is needed."),
        "own_proposal": _("You proposed this, so somebody else must confirm it."),
        "other_role": _("This step belongs to another role."),
        "not_author": _("Only the author signs the self-check and sends or withdraws the post."),
        "elsewhere": _("This belongs to another workspace."),
    }.get(refused.reason, _("Your roles do not carry this decision."))


def not_allowed(request: HttpRequest, refused: NotAllowed) -> HttpResponse:
    """Answer 403: what it takes, and who holds the right."""
    member: Member | None = getattr(request, "member", None)
    holders: list[Member] = []
    if member is not None:
        team = Member.objects.filter(workspace_id=member.workspace_id)
        holding = team.holding(refused.decision, account_id=refused.account_id)
        holders = [m for m in holding if m.pk != member.pk]
    context = {
        "why": _why(refused),
        "duty": DUTIES[refused.decision].sentence,
        "holders": holders,
        "roles": refused.roles,
    }
    return render(request, "403.html", context, status=403)


def conflict(request: HttpRequest, refused: MoveRefused | None = None) -> HttpResponse:
    """Answer 409: somebody was faster, or the thing is elsewhere by now."""
    subject = found = ""
    if refused is not None:
        subject = str(refused.subject)
        states = getattr(type(refused.subject)._meta.get_field("state"), "choices", None) or []
        # What is not a state of the thing says no more than that it changed.
        found = (
            ""
            if refused.found in _NO_STATE
            else str(dict(states).get(refused.found, refused.found))
        )
    return render(request, "409.html", {"subject": subject, "found": found}, status=409)


def bad_request(
    request: HttpRequest, exception: Exception | None = None, *, unsayable: bool = False
) -> HttpResponse:
    """Answer 400."""
    return render(request, "400.html", {"unsayable": unsayable}, status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413."""
    return render(request, "413.html", status=413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; a door that stayed shut names its decision."""
    if isinstance(exception, NotAllowed):
        return not_allowed(request, exception)
    return render(request, "403.html", {"why": "", "holders": [], "roles": []}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the form is older than the sign-in. Reloading brings a fresh one."""
    return render(request, "403_stale.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, the same for what is missing and what is somebody else's."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database anything."""
    return render(request, "500.html", status=500)


class RefusalMiddleware:
    """Turns the exceptions that are answers into answers, whichever view raised them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; 405 gets a page of its own."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            allowed = response.headers.get("Allow", "")
            response = render(request, "405.html", status=405)
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """Answer the refusals every room may raise; anything else stays an error."""
        if isinstance(exception, NotAllowed):
            return not_allowed(request, exception)
        if isinstance(exception, MoveRefused):
            return conflict(request, exception)
        if isinstance(exception, TextRefused):
            return bad_request(request, exception, unsayable=True)
        if isinstance(exception, RequestDataTooBig):
            return too_large(request)
        if isinstance(exception, OperationalError):
            # Two people wrote at once and the database let one of them win, or it is busy.
            logger.warning("database refused: %s", exception)
            return conflict(request)
        if isinstance(exception, DatabaseError):
            logger.exception("database error")
        return None
