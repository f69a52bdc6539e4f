"""Moving posts in the calendar, and taking a move back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import FoldTime, GapTime, UnknownZone, resolve, zone_named
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.timing import WALL, BeforeLift, InThePast, time_post, untime_post
from yanzhen.planning.calendar_days import seen_time, wall_for, wall_time
from yanzhen.planning.forms_calendar import BackForm, MoveForm
from yanzhen.planning.models import Post
from yanzhen.planning.moments import moment_words
from yanzhen.planning.queries_slots import empty_slot_on
from yanzhen.planning.states import PostState
from yanzhen.planning.views.calendar import Looked, board, looked

#: When a post without a time goes out on the day it is put on, in its account's zone.
TEN = time(10)
#: An approval has been given, and stands when only the time moves.
_APPROVED = frozenset(
    {
        PostState.PASSED,
        PostState.SCHEDULED,
        PostState.HELD,
        PostState.MISSED,
        PostState.FAILED,
    }
)


class Stays(Exception):
    """The post stays where it is. The words say why; ``status`` is the answer's."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@asks(Decision.POST_SCHEDULE)
@require_POST
def post_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a post to the day sent, or with ?back= to where it was before."""
    at = looked(request)
    rows = Post.objects.visible_to(request.member).with_names()
    post = get_object_or_404(rows.select_related("workspace"), pk=pk)
    undoing = "back" in request.GET
    try:
        with stays(post):
            return _undo(request, post, at) if undoing else _move(request, post, at)
    except Stays as refused:
        messages.error(request, str(refused))
        return _again(request, at, refused.status, undoing=undoing)


def _move(request: MemberRequest, post: Post, at: Looked) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Stays(_("Choose a day to move it to."), 422)
    seen = form.cleaned_data["seen"]
    if seen and seen != seen_time(post.due_at):
        raise _moved_meanwhile(post)
    zone = post.due_zone or post.account.zone
    before, was_due = (post.due_wall, post.due_zone, post.due_fold), post.due_at
    moment = now()
    wall, fold = _meant(request.member, post, zone, form.cleaned_data, now=moment)
    if wall.strftime(WALL) == post.due_wall and fold in (None, post.due_fold):
        return _again(request, at, 200)
    time_post(post, by=request.member, wall=wall, zone=zone, fold=fold, now=moment)
    # What was late can be moved on, and not back into the past.
    undo = "" if was_due and was_due < moment else way_back(post, before, at.asked.query)
    messages.success(request, _told(request, post), extra_tags=f"undo:{undo}" if undo else "")
    return _again(request, at, 200)


def _meant(
    member: Member, post: Post, zone: str, sent: Mapping[str, Any], *, now: datetime
) -> tuple[datetime, int | None]:
    """Return the wall time (naive) in ``zone`` that the viewer means, and its fold where known.

    An hour is the viewer's. Without one a post keeps its own; one that has none yet takes the
    first empty slot of its account on that day, else TEN.
    """
    day, hour = sent["day"], sent["time"]
    if hour is not None:
        return wall_at(resolve(datetime.combine(day, hour), member.user.zone).at, zone)
    if not post.due_wall:
        slot = empty_slot_on(member, post.account, day, now=now)
        if slot is not None:
            return wall_at(slot.starts_at, zone)
    kept = wall_time(post.due_wall).time() if post.due_wall else TEN
    return wall_for(day, kept, zone=zone_named(zone), viewer=member.user.tz), None


def wall_at(at: datetime, zone: str) -> tuple[datetime, int]:
    """Return what the clocks in ``zone`` show (naive) at a moment (aware), and its fold."""
    local = at.astimezone(zone_named(zone))
    return local.replace(tzinfo=None, fold=0), local.fold


def _undo(request: MemberRequest, post: Post, at: Looked) -> HttpResponse:
    form = BackForm(request.GET)
    if not form.is_valid():
        raise Stays(_("That move cannot be taken back. Move it to a day instead."), 422)
    asked = form.cleaned_data
    if asked["seen"] != seen_time(post.due_at):
        raise _moved_meanwhile(post)
    if asked["back"] is None:
        untime_post(post, by=request.member, now=now())
        messages.success(request, _("“%(title)s” has no time again.") % {"title": post.shown_title})
    else:
        time_post(
            post,
            by=request.member,
            wall=asked["back"],
            zone=asked["zone"],
            fold=asked["fold"],
            now=now(),
        )
        words = {"title": post.shown_title, "moment": _shown(request, post)}
        messages.success(request, _("“%(title)s” is back on %(moment)s.") % words)
    return _again(request, at, 200, undoing=True)


def _again(
    request: MemberRequest, at: Looked, status: int, *, undoing: bool = False
) -> HttpResponse:
    """Answer with the board as it is now; an undo only tells it to fetch itself."""
    if undoing and request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Trigger": "activity:planning"})
    if status == 200 and not request.headers.get("HX-Request"):  # noqa: PLR2004 -- it went well
        return redirect(at.asked.address)
    return board(request, at, status=status)


@contextmanager
def stays(post: Post) -> Iterator[None]:
    """Turn what the actions refuse into words for a toast."""
    title = post.shown_title
    try:
        yield
    except GapTime as gap:
        words = {"title": title, "time": moment_words(gap.wall)}
        text = _("“%(title)s” stays: the clocks skip %(time)s. Open it to choose another time.")
        raise Stays(text % words, 422) from None
    except FoldTime as twice:
        words = {"title": title, "time": moment_words(twice.wall)}
        text = _("“%(title)s” stays: %(time)s happens twice. Open it to say which one is meant.")
        raise Stays(text % words, 422) from None
    except InThePast:
        text = _("“%(title)s” stays: its time on that day has passed.")
        raise Stays(text % {"title": title}, 422) from None
    except BeforeLift as early:
        words = {"title": title, "time": moment_words(early.embargo.lifts_local)}
        text = _("“%(title)s” stays: its embargo lifts %(time)s.")
        raise Stays(text % words, 422) from None
    except UnknownZone as unknown:
        text = _("No time zone is called %(name)s.")
        raise Stays(text % {"name": unknown.name}, 422) from None
    except MoveRefused as refused:
        raise _lost(post, refused) from None


def _lost(post: Post, refused: MoveRefused) -> Stays:
    fresh = Post.objects.get(pk=post.pk)
    if refused.found == fresh.state and fresh.due_at != post.due_at:
        return _moved_meanwhile(post)
    # Rooms above refuse with words of their own; planning itself names the stage.
    found = dict(PostState.choices).get(refused.found, refused.found)
    words = {"title": post.shown_title, "found": found}
    return Stays(_("“%(title)s” stays where it is: %(found)s.") % words, 409)


def _moved_meanwhile(post: Post) -> Stays:
    text = _("Somebody moved “%(title)s” meanwhile. The calendar shows where it is now.")
    return Stays(text % {"title": post.shown_title}, 409)


def _shown(request: MemberRequest, post: Post) -> str:
    """Name the post's time by the viewer's clocks, as the calendar does."""
    assert post.due_at is not None  # noqa: S101 -- it has just been given
    return moment_words(post.due_at.astimezone(request.member.user.tz))


def _told(request: MemberRequest, post: Post) -> str:
    words = {"title": post.shown_title, "moment": _shown(request, post)}
    if post.state in _APPROVED:
        text = _("“%(title)s” goes out %(moment)s. The approval stands: the text is the same.")
    else:
        text = _("“%(title)s” goes out %(moment)s.")
    return text % words


def way_back(post: Post, before: tuple[str, str, int], query: str) -> str:
    """Return the address that takes the move back while nobody has moved the post further.

    ``query`` is of the calendar that is shown then.
    """
    wall, zone, fold = before
    seen = seen_time(post.due_at)
    back = {"back": wall, "zone": zone, "fold": fold, "seen": seen}
    return f"{reverse('post-move', args=[post.pk])}?{query}&{urlencode(back)}"
