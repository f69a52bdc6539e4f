"""Review, the fast lane and guests: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.review.models import CheckPoint
from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    AUTHOR,
    EVERYBODY,
    FLOW_MAKERS,
    HOSTS,
    LEAD,
    MANAGER,
    REVIEWERS,
    WRITERS,
    Page,
    Sends,
    Way,
    about,
    anyone,
    no,
    row,
    says,
    way,
)


def _flow(house: House) -> dict[str, Any]:
    step = {"s0-role": house.role(LEAD).pk, "s0-quorum": 1, "s0-hours": 4, "s0-title": "Once"}
    return {**step, "point_slug": ["true"], "point_text": ["It is true."]}


def _lane(house: House) -> dict[str, Any]:
    lead, manager = house.role(LEAD).pk, house.role(MANAGER).pk
    steps = {"s0-role": lead, "s0-quorum": 1, "s1-role": manager, "s1-quorum": 1}
    reasons = {"reason_pk": [""], "reason_text": ["Eilig."]}
    return {**steps, **reasons, "seen": 0, "minutes": 20, "weekly_most": 4}


def _ticks(house: House) -> dict[str, Any]:
    points = CheckPoint.objects.filter(flow__workspace=house.workspace)
    return {"point": [point.pk for point in points]}


def _guest(house: House) -> dict[str, Any]:
    return {"name": "Ada Hart", "days": 7, "language": "en"}


def _secret(house: House) -> tuple[Any, ...]:
    return (house.guest_secret,)


def _secret_file(house: House) -> tuple[Any, ...]:
    return (house.guest_secret, house.image.pk)


def _guest_deciding(house: House) -> dict[str, Any]:
    signed = {"seen": house.guest.round.digest, "name": "Ada Hart"}
    return {**signed, "verdict": "pass", "sure": "on"}


def _guest_saying(house: House) -> dict[str, Any]:
    return {"seen": house.guest.round.digest, "name": "Ada Hart", "body": "Gut."}


def _by_guests(sends: Sends) -> Way:
    return Way(frozenset(), 302, 302, sends, stranger=302, homeless=302, refused=403)


PAGES: dict[str, Page] = {
    # review
    "review": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-step": Page(args=about("step"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-decide": Page(
        args=about("step"),
        get=no(REVIEWERS),
        post=row(frozenset({LEAD}), 302, says(verdict="pass")),
    ),
    "review-flow": Page(get=way(FLOW_MAKERS, 200), post=way(FLOW_MAKERS, 302, _flow, outsider=422)),
    "review-way": Page(get=way(FLOW_MAKERS, 200), post=way(FLOW_MAKERS, 302, says(way="small"))),
    "review-fast": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-fast-settings": Page(
        get=way(FLOW_MAKERS, 200), post=way(FLOW_MAKERS, 302, _lane, outsider=422)
    ),
    # The run of the table is under way, so nothing can be regretted yet; the page says so.
    "review-fast-regret": Page(
        args=about("run"), get=no(REVIEWERS), post=row(REVIEWERS, 302, says(reason="Zu eilig."))
    ),
    "review-fast-clock": Page(
        args=about("posts.review"), get=row(EVERYBODY, 200), post=no(EVERYBODY)
    ),
    "review-trail": Page(args=about("posts.review"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "review-submit": Page(
        args=about("posts.draft"), get=row(WRITERS, 200), post=row(AUTHOR, 302, _ticks)
    ),
    # Guests come by a secret address and are not asked who they are; the team's side is a right.
    "review-guests": Page(
        args=about("posts.review"), get=row(HOSTS, 200), post=row(HOSTS, 200, _guest)
    ),
    "review-guest-revoke": Page(args=about("guest"), get=no(HOSTS), post=row(HOSTS, 302)),
    "guest": Page(args=_secret, get=anyone(200), post=anyone(405)),
    "guest-decide": Page(
        # Whoever is signed in to the brand decides as a member.
        args=_secret,
        get=anyone(405),
        post=_by_guests(_guest_deciding),
    ),
    "guest-comment": Page(args=_secret, get=anyone(405), post=_by_guests(_guest_saying)),
    "guest-media": Page(args=_secret_file, get=anyone(200), post=anyone(405)),
    "guest-thumbnail": Page(args=_secret_file, get=anyone(200), post=anyone(405)),
    "review-withdraw": Page(args=about("posts.review"), get=no(WRITERS), post=row(AUTHOR, 302)),
}
