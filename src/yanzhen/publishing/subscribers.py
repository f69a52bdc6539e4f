"""What publishing does when others announce something, inside their transaction."""

from __future__ import annotations

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.planning.events import POST_DROPPED, POST_REVISED, POST_TIMED, POST_UNTIMED
from yanzhen.publishing.actions.scheduling import call_off, follow_time, schedule_passed
from yanzhen.review.events import ROUND_PASSED


def _actor(event: Told) -> Ref:
    return Ref(event.actor_type, event.actor_id, event.actor_label)


def _schedule(event: Told) -> None:
    """The last level has passed: with a time, the post will go out."""
    schedule_passed(int(event.data["post"]), by=_actor(event), now=event.at)


def _follow(event: Told) -> None:
    """The approval is for the text, so a new time needs no new one."""
    follow_time(int(event.subject_id), by=_actor(event), now=event.at)


def _untimed(event: Told) -> None:
    call_off(int(event.subject_id), move="untime", by=_actor(event), now=event.at)


def _revised(event: Told) -> None:
    call_off(int(event.subject_id), move="revise", by=_actor(event), now=event.at)


def _dropped(event: Told) -> None:
    call_off(int(event.subject_id), move="drop", by=_actor(event), now=event.at)


within(ROUND_PASSED, _schedule)
within(POST_TIMED, _follow)
within(POST_UNTIMED, _untimed)
within(POST_REVISED, _revised)
within(POST_DROPPED, _dropped)
