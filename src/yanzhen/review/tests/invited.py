"""Guests for tests: a flow that lets them decide, and their links."""

from __future__ import annotations

from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.review.actions.guests import GuestWish, invite_guest
from yanzhen.review.models import GuestLink, Round, Step
from yanzhen.review.states import GuestRule
from yanzhen.review.tests.rounds import waiting_step

NAME = "Ada Hart"


def open_lead_step(rule: str = GuestRule.YES) -> None:
    """Let guests decide the team lead's step of every flow."""
    Step.objects.filter(slug="lead").update(guests=rule)


def invited(
    round_: Round, by: Member, *, decides: bool = True, name: str = NAME, days: int = 7
) -> tuple[GuestLink, str]:
    """Invite a guest, to the step that waits if they decide."""
    step = waiting_step(round_) if decides else None
    wish = GuestWish(name=name, step=step, days=days)
    return invite_guest(round_, wish=wish, by=by, now=NOW)
