"""Money, what goes out and what stops it: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.kernel import clock
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    CONNECTORS,
    EVERYBODY,
    HURRIERS,
    LEAD,
    PLANNERS,
    RESOLVERS,
    WRITERS,
    Page,
    about,
    no,
    row,
    says,
    way,
)


def _later(house: House) -> dict[str, Any]:
    return {"date": "2099-03-20", "time": "10:00", "zone": "Europe/Berlin"}


def _all_later(house: House) -> dict[str, Any]:
    return {**_later(house), "post": house.deliveries["missed"].pk, "sure": "yes"}


def _all_dropped(house: House) -> dict[str, Any]:
    return {"reason": "Over.", "post": house.deliveries["missed"].pk, "sure": "yes"}


def _freezing(house: House) -> dict[str, Any]:
    return {"scope": f"account:{house.account.pk}", "reason": "A storm."}


def _thawing(house: House) -> dict[str, Any]:
    return {"reason": "It is over."}


def _listed(house: House) -> dict[str, Any]:
    listed = waiting_behind(house.closed, now=clock.database_now())
    return {"seen": signature(listed, {})}


PAGES: dict[str, Page] = {
    # money at X
    "money": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "money-budget": Page(
        args=about("account"),
        get=no(CONNECTORS),
        post=row(CONNECTORS, 302, says(monthly="50", reserve="20")),
    ),
    "money-resume": Page(args=about("pause"), get=no(CONNECTORS), post=row(CONNECTORS, 302)),
    # going out; everyone guards the brand: anyone may stop a post, and everything
    "failures": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "failure": Page(args=about("deliveries.held"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "failure-ask": Page(args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 302)),
    "failure-confirm": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 422)
    ),
    "failure-again": Page(
        args=about("deliveries.failed"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Once more.")),
    ),
    "failure-propose": Page(
        args=about("deliveries.failed"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Once more.")),
    ),
    # Nobody has proposed anything: there is nothing to confirm or to take back.
    "failure-second": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 409)
    ),
    "failure-withdraw": Page(
        args=about("deliveries.held"), get=no(RESOLVERS), post=row(RESOLVERS, 409)
    ),
    "failure-time": Page(
        args=about("deliveries.held"), get=no(PLANNERS), post=row(PLANNERS, 302, _later)
    ),
    "failure-back": Page(
        args=about("deliveries.scheduled"), get=no(PLANNERS), post=row(PLANNERS, 302)
    ),
    "failure-drop": Page(
        args=about("deliveries.held"),
        get=no(RESOLVERS),
        post=row(RESOLVERS, 302, says(reason="Too late.")),
    ),
    "missed": Page(args=about("account"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "missed-time": Page(
        args=about("account"), get=no(PLANNERS), post=row(PLANNERS, 302, _all_later)
    ),
    "missed-drop": Page(
        args=about("account"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _all_dropped)
    ),
    "delivery-remove": Page(
        args=about("deliveries.published"),
        get=row(RESOLVERS, 200),
        post=row(RESOLVERS, 302, says(reason="Wrong figure.", whole="one")),
    ),
    # It is out for longer than X lets a post be edited: the page says so and leads back.
    "delivery-edit": Page(
        args=about("deliveries.published"), get=no(WRITERS), post=row(WRITERS, 302)
    ),
    "post-repost": Page(
        args=about("posts.published"), get=row(WRITERS, 200), post=row(WRITERS, 422)
    ),
    "post-hold": Page(
        args=about("posts.scheduled"),
        get=no(EVERYBODY),
        post=row(EVERYBODY, 302, says(reason="Not now.")),
    ),
    "post-delivery": Page(
        args=about("posts.scheduled"), get=row(EVERYBODY, 200), post=no(EVERYBODY)
    ),
    "post-publish": Page(args=about("posts.passed"), get=no(HURRIERS), post=row(HURRIERS, 302)),
    # The team lead has the lead in the house, whose flow asks for no look.
    "last-look": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "look": Page(args=about("deliveries.scheduled"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "look-clear": Page(
        args=about("deliveries.scheduled"), get=no(EVERYBODY), post=row(frozenset({LEAD}), 409)
    ),
    "look-back": Page(
        args=about("deliveries.scheduled"), get=no(EVERYBODY), post=row(frozenset({LEAD}), 409)
    ),
    "look-hold": Page(
        args=about("deliveries.scheduled"),
        get=no(EVERYBODY),
        post=row(EVERYBODY, 302, says(reason="Not now.")),
    ),
    "archive": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "freeze": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "freeze-close": Page(get=no(EVERYBODY), post=way(EVERYBODY, 302, _freezing, outsider=422)),
    "thaw": Page(args=about("closed"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "thaw-ask": Page(args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 409, _thawing)),
    "thaw-confirm": Page(
        args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _listed)
    ),
    "thaw-refuse": Page(
        args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 302, _thawing)
    ),
    "thaw-withdraw": Page(args=about("closed"), get=no(RESOLVERS), post=row(RESOLVERS, 409)),
}
