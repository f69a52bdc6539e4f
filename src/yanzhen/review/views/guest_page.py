"""The page behind a guest's link: one version to read, to comment on and, perhaps, to decide.

Whoever has the address is the guest. It therefore stands in no log line, no search engine and no
Referer, and shows nothing but what the link is for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from yanzhen.discussion.actions.talking import NothingSaid
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.library.models import MediaFile
from yanzhen.library.views.serving import give_file, give_thumbnail
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.gate import strangers
from yanzhen.people.limits import wait_seconds, within
from yanzhen.people.models import Member, User
from yanzhen.planning.models import content_of
from yanzhen.planning.pieces import files_of
from yanzhen.review import queries_guests
from yanzhen.review.actions.guests import (
    MOST_REMARKS,
    GuestRefused,
    LinkClosed,
    decide_as_guest,
    note_reading,
    remark_as_guest,
)
from yanzhen.review.forms_guests import GuestDecisionForm, GuestRemarkForm
from yanzhen.review.models import GuestLink, standing_of
from yanzhen.review.states import GuestStanding, Reason

PAGE = "review/guest.html"
#: Pages and pictures of one link, addresses of no link, and words: each has its own limit.
_READS, _GUESSES, _WRITES = "guest_reads", "guest_guesses", "guest_writes"


class _TooOften(Exception):
    """More was asked for than a person reads or writes. ``limit`` says of what."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def _find(request: HttpRequest, secret: str) -> GuestLink:
    """Return the link of this secret. Raises Http404, and _TooOften for guesses and floods."""
    link = GuestLink.objects.whole().filter(secret_hash=token_hash(secret)).first()
    if link is None:
        _count(request, _GUESSES)
        raise Http404
    _count(request, _READS, str(link.pk))
    if request.method == "POST":
        _count(request, _WRITES, str(link.pk))
    return link


def _count(request: HttpRequest, limit: str, key: str = "") -> None:
    if not within(request, limit, key=key):
        raise _TooOften(limit)


def _sealed(answer: HttpResponseBase) -> HttpResponseBase:
    """Keep the address out of search engines and out of every Referer, our own pages included.

    Not "no-referrer": with it browsers hide the origin of a form too, which the check of its token
    needs.
    """
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def _in_measure(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask whoever asks a guest's page too often to wait."""

    @wraps(view)
    def inner(request: HttpRequest, **args: Any) -> HttpResponseBase:
        try:
            return view(request, **args)
        except _TooOften as error:
            answer = render(request, "429.html", status=429)
            answer.headers["Retry-After"] = str(wait_seconds(error.limit))
            return _sealed(answer)

    return inner


def _colleague(request: HttpRequest, link: GuestLink) -> bool:
    """Tell whether somebody of the team looks at it: a member decides as a member.

    One who has left counts too, if they wrote any of it.
    """
    if not isinstance(request.user, User):
        return False
    writers = link.round.post.writers.values("pk")
    here = Member.objects.filter(workspace_id=link.workspace_id, user=request.user)
    return here.filter(Q(active=True) | Q(pk__in=writers)).exists()


def _page(request: HttpRequest, link: GuestLink, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show what the link is good for now: the post, or why it shows none."""
    if not request.user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        # The inviter knows the guest's language better than a browser does.
        translation.activate(link.language)
        request.LANGUAGE_CODE = link.language
    standing = standing_of(link, now=clock.now())
    is_open = standing is GuestStanding.OPEN
    context = {
        "link": link,
        "secret": request.resolver_match.kwargs["secret"] if request.resolver_match else "",
        "standing": standing.value,
        "verdict": queries_guests.verdict_of(link),
        "sheet": queries_guests.guest_sheet(link) if is_open else None,
        "colleague": _colleague(request, link),
        "reasons": Reason.choices,
        "decision": GuestDecisionForm(initial={"name": link.name}, auto_id="decide_%s"),
        "remark": GuestRemarkForm(initial={"name": link.name}, auto_id="say_%s"),
        **more,
    }
    if not is_open and request.method != "POST":
        status = HTTPStatus.GONE
    answer = render(request, PAGE, context, status=status)
    _sealed(answer)
    return answer


@never_cache
@require_safe
@strangers
@_in_measure
def guest(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the version of a link to whoever has it."""
    link = _find(request, secret)
    answer = _page(request, link)
    read = request.method == "GET" and answer.status_code == HTTPStatus.OK
    if read and link.opened_at is None and not _colleague(request, link):
        note_reading(link, now=clock.now())
    return answer


def _why(error: Exception) -> str:
    """Say why a guest's wish was not fulfilled, in the reader's language."""
    if isinstance(error, GuestRefused):
        return {
            "name": _("Sign with your name, in one line."),
            "decided": _(
                "This decision was made already, or whoever invited you has decided. You can "
                "still comment."
            ),
            "step": _("This step is not yours to decide any more. You can still comment."),
            "many": _("You have said %(most)d things here. Tell the team the rest yourself.")
            % {"most": MOST_REMARKS},
        }[error.why]
    if isinstance(error, MoveRefused):
        return _("The team has decided meanwhile. You can still comment.")
    if isinstance(error, NothingSaid):
        return _("A comment needs words, 4,000 characters at most.")
    return str(error)


def _refused(request: HttpRequest, secret: str, error: Exception, **more: Any) -> HttpResponse:
    """Show the page as it is now, with why nothing came of what was sent, and what was typed."""
    link = GuestLink.objects.whole().get(secret_hash=token_hash(secret))
    status = 422 if isinstance(error, TextRefused | NothingSaid) else 409
    return _page(request, link, status=status, wrong=_why(error), **more)


@never_cache
@require_POST
@strangers
@_in_measure
def decide(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a guest's decision."""
    link = _find(request, secret)
    form = GuestDecisionForm(request.POST, auto_id="decide_%s")
    if _colleague(request, link):
        return _page(request, link, status=403)
    if not form.is_valid():
        return _page(request, link, status=422, decision=form)
    asked = form.cleaned_data
    try:
        decide_as_guest(
            link,
            seen=asked["seen"],
            name=asked["name"],
            kind=asked["verdict"],
            reason=asked["reason"],
            comment=asked["comment"],
            now=clock.now(),
        )
    except LinkClosed as closed:
        return _page(request, _again(link), status=409, closed=closed.standing.value)
    except (GuestRefused, MoveRefused, TextRefused) as error:
        return _refused(request, secret, error, decision=form)
    return redirect("guest", secret)


def _again(link: GuestLink) -> GuestLink:
    return GuestLink.objects.whole().get(pk=link.pk)


@never_cache
@require_POST
@strangers
@_in_measure
def remark(request: HttpRequest, secret: str) -> HttpResponse:
    """Take what a guest says."""
    link = _find(request, secret)
    form = GuestRemarkForm(request.POST, auto_id="say_%s")
    if _colleague(request, link):
        return _page(request, link, status=403)
    if not form.is_valid():
        return _page(request, link, status=422, remark=form)
    asked = form.cleaned_data
    try:
        remark_as_guest(
            link, seen=asked["seen"], name=asked["name"], body=asked["body"], now=clock.now()
        )
    except LinkClosed as closed:
        return _page(request, _again(link), status=409, closed=closed.standing.value, remark=form)
    except (GuestRefused, NothingSaid, TextRefused) as error:
        return _refused(request, secret, error, remark=form)
    return redirect("guest", secret)


def _shown_file(request: HttpRequest, secret: str, pk: int) -> MediaFile:
    """Return a file that hangs on the version of an open link; any other is 404."""
    link = _find(request, secret)
    if standing_of(link, now=clock.now()) is not GuestStanding.OPEN:
        raise Http404
    content = content_of(link.round.version)
    found = files_of(content.segments, link.workspace_id).get(pk)
    if found is None:
        raise Http404
    return found


def _seal_file(answer: HttpResponseBase) -> HttpResponseBase:
    # Asked again each time, so that a link that has ended shows nothing from anywhere it was kept.
    answer.headers["Cache-Control"] = "private, no-cache"
    return _sealed(answer)


@require_GET
@strangers
@_in_measure
def media(request: HttpRequest, secret: str, pk: int) -> HttpResponseBase:
    """Give a file of the version, whole or in part."""
    return _seal_file(give_file(request, _shown_file(request, secret, pk)))


@require_GET
@strangers
@_in_measure
def thumbnail(request: HttpRequest, secret: str, pk: int) -> HttpResponseBase:
    """Give the small picture of a file of the version."""
    return _seal_file(give_thumbnail(request, _shown_file(request, secret, pk)))
