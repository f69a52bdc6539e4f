"""Doors: every view says which decision it asks for, or who else may enter.

The door keeps people out of pages; the right is asked again inside the action, and that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from yanzhen.people.models import Member, User
from yanzhen.people.rights import Decision, NotAllowed

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

#: Answers for one request whether it asks for a fresh proof of who is there.
Question = Callable[..., bool]

MEMBERS = "members"
STRANGERS = "strangers"
USERS = "users"


class UserRequest(HttpRequest):
    """A request behind the ``users`` door: somebody is signed in, a member or not."""

    user: User
    member: Member | None


class MemberRequest(HttpRequest):
    """A request behind a door: ``member`` is there, with its roles loaded."""

    user: User
    member: Member


def _mark(door: Decision | str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]  # how a view carries its door
        return view

    return mark


def asks(decision: Decision) -> Callable[[View], View]:
    """Mark a view with the decision its action will require.

    The door lets in who holds it for any account; for which one, the action asks.
    """
    return _mark(decision)


def members(view: View) -> View:
    """Mark a view any signed-in member of the workspace may open."""
    return _mark(MEMBERS)(view)


def users(view: View) -> View:
    """Mark a view for anyone signed in, in a workspace or not."""
    return _mark(USERS)(view)


def strangers(view: View) -> View:
    """Mark a view that needs no sign-in."""
    return _mark(STRANGERS)(view)


def proves(view: View) -> View:
    """Mark a view whose every POST asks for a fresh proof that it is still the same person.

    The door keeps its own mark. What a proof is and how it is asked for is the room signin's.
    """
    return proves_when(lambda request, **parts: True)(view)


def proves_when(question: Question) -> Callable[[View], View]:
    """Mark a view some of whose POSTs ask for a fresh proof: those ``question`` says True to.

    It is called with the request and the address's parts, after the door has opened.
    """

    def mark(view: View) -> View:
        view.proves = question  # type: ignore[attr-defined]  # how a view carries its question
        return view

    return mark


class DoorMiddleware:
    """Stands before every view. A view without a door stays shut for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to let the request in, a redirect to sign-in, or raise NotAllowed."""
        door = getattr(view, "door", None)
        if door is None:
            raise RuntimeError(f"{view} has no door")
        if door == STRANGERS:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "sign-in")
        if door == USERS:
            return None
        if request.member is None:
            return redirect("workspaces")
        if door != MEMBERS and not request.member.may_somewhere(door):
            raise NotAllowed(Decision(door), "no_right")
        return None
