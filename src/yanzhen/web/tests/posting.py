"""Posts of the brands of the street in every stage, with what publishing left of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.days import add_team_day
from yanzhen.planning.actions.slotting import SlotWish, add_slot, remove_slot
from yanzhen.planning.actions.timing import drop_post, time_post
from yanzhen.planning.actions.writing import create_post, cut_version
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing import guards
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason
from yanzhen.review.actions.fast_runs import submit_fast
from yanzhen.review.actions.guests import GuestWish, invite_guest
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import FastRun, Step
from yanzhen.review.states import GuestRule
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step
from yanzhen.web.tests.house import AUTHOR, WALL, House


def write_posts(house: House) -> None:
    author, lead = house.people[AUTHOR], house.people["team_lead"]
    manager = house.people["brand_manager"]
    house.posts["draft"] = make_post(house.account, author, "Ein Zug.", "Noch einer.")
    cut_version(house.posts["draft"], by=author, note="Anfang", now=NOW)
    for state in PostState.values:
        if state in (PostState.DRAFT, PostState.DROPPED):
            continue
        round_ = submitted(house.account, author, f"Text {house.workspace.pk} {state}")
        post = Post.objects.get(pk=round_.post_id)
        if state == PostState.REVIEW:
            house.round, house.step = round_, waiting_step(round_)
        elif state == PostState.RETURNED:
            step = waiting_step(round_)
            return_step(step, by=lead, reason="tone", comment="Ruhiger.", now=NOW)
        else:
            if state != PostState.PASSED:
                time_post(post, by=author, wall=WALL, zone="Europe/Berlin", now=NOW)
            pass_step(waiting_step(round_), by=lead, now=NOW)
            pass_step(waiting_step(round_), by=manager, now=NOW)
        house.posts[state] = Post.objects.get(pk=post.pk)
    urgent = make_post(house.account, author, f"Sofort {house.workspace.pk}.")
    sent = submit_fast(
        urgent,
        by=author,
        ticks=all_ticked(urgent),
        reason_id=house.workspace.fast_lane.reasons.first().pk,
        line="Eilt.",
        now=NOW,
    )
    house.run = FastRun.objects.get(round=sent)
    dropped = make_post(house.account, author, "Nicht gebraucht.")
    drop_post(dropped, by=lead, now=NOW)
    house.posts["dropped"] = dropped


def invite_guest_in(house: House) -> None:
    """Invite a guest to a post with the picture, whose first step is open to guests."""
    steps = Step.objects.filter(flow__workspace=house.workspace, slug="lead")
    steps.update(guests=GuestRule.YES)
    creator = house.people["creator"]
    hung = {"media": [{"media": house.image.pk, "sha256": "", "alt": "Gänse"}]}
    text = f"Für Gäste von {house.workspace.name}."
    post = create_post(account=house.account, by=creator, texts=[text], extras=[hung], now=NOW)
    round_ = submit_post(post, by=creator, ticks=all_ticked(post), now=NOW)
    steps.update(guests=GuestRule.NO)
    wish = GuestWish(name="Ada Hart", step=waiting_step(round_), days=30)
    host = house.people["strategist"]
    house.guest, house.guest_secret = invite_guest(round_, wish=wish, by=host, now=clock.now())


def plan_slots(house: House) -> None:
    by = house.people[AUTHOR]
    wish = SlotWish(account=house.account, wall=WALL + timedelta(days=9), zone="Europe/Berlin")
    house.slot = add_slot(wish, by=by, now=NOW)
    house.team_day = add_team_day(
        day=NOW.date(),
        name="Ruhetag",
        yearly=True,
        free=True,
        by=house.people["team_lead"],
        now=NOW,
    )
    house.gone_slot = remove_slot(add_slot(wish, by=by, now=NOW), by=by, now=NOW)


#: What publishing would have left behind, by the post's stage.
OUTCOMES: dict[str, dict[str, Any]] = {
    "held": {"state": DeliveryState.HELD, "hold_reason": HoldReason.FROZEN},
    "missed": {"state": DeliveryState.MISSED},
    "failed": {"state": DeliveryState.FAILED},
    "published": {
        "state": DeliveryState.PUBLISHED,
        "remote_id": "1",
        "published_at": NOW,
    },
    "partial": {"state": DeliveryState.HELD, "hold_reason": HoldReason.BEFORE},
}


def fill_deliveries(house: House) -> None:
    """Leave deliveries in every state a person meets, as the engine would."""
    hold_post(house.posts["held"], by=house.people["analyst"], reason="Warten.", now=NOW)
    # The rows are put where the engine takes minutes to bring them, past what the database allows.
    guards.remove(connection)
    for state, values in OUTCOMES.items():
        deliveries = Delivery.objects.filter(post=house.posts[state])
        deliveries.update(**values)
        if state == PostState.PUBLISHED:
            deliveries.update(remote_id=f"190000000000000000{house.workspace.pk}")
        Post.objects.filter(pk=house.posts[state].pk).update(state=state)
        house.posts[state].refresh_from_db()
    guards.install(connection)
    for delivery in Delivery.objects.filter(workspace=house.workspace):
        house.deliveries[delivery.post.state] = delivery
