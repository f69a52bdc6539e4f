"""What has become of a delivery that wanted a last look, and by whom, for messages that asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.feed import Told
from yanzhen.activity.feed import events as log
from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import Kind
from yanzhen.notify import deeds
from yanzhen.publishing import events
from yanzhen.publishing.engine import looks
from yanzhen.publishing.models import Clearance, Delivery
from yanzhen.publishing.states import IN_FLIGHT, DeliveryState, HoldReason

LET_GO = _("%(name)s has let it go: it goes out at its time.")
HELD = _("%(name)s holds it: %(reason)s")
_CHANGED = _("The text has changed since. Open it to read what goes out.")
_NO_MORE = _("It no longer waits for a look.")


def became_of(number: int, *, seen: str) -> deeds.Words:
    """Say what has become of a delivery, "" while it waits for its look.

    ``seen`` is the digest of what a message shows, "" for any text.
    """
    waits = looks.lacking(looks.heads()).filter(pk=number).first()
    if waits is not None:
        return _CHANGED if seen and waits.digest != seen else ""
    delivery = Delivery.objects.select_related("post").filter(pk=number).first()
    return (settled(delivery) if delivery is not None else "") or _NO_MORE


def settled(delivery: Delivery) -> deeds.Words:
    """Say who let it go or held it, or that it waits no more; "" while it may wait."""
    state = DeliveryState(delivery.state)
    if state == DeliveryState.SCHEDULED:
        fits = Delivery.objects.filter(looks.fitting(), pk=delivery.pk).exists()
        return _let_go(delivery) if fits else ""
    if state in IN_FLIGHT or state == DeliveryState.PUBLISHED:
        return _let_go(delivery) or _NO_MORE
    if state == DeliveryState.HELD:
        return _held(delivery)
    if state == DeliveryState.CANCELLED:
        ended = _last(delivery, events.CALLED_OFF, events.GIVEN_UP)
        return _by(_("%(name)s called it off."), ended) or _("It was called off.")
    if state == DeliveryState.MISSED:
        return _("It missed its time and did not go out.")
    return _NO_MORE


def _let_go(delivery: Delivery) -> deeds.Words:
    given = Clearance.objects.standing().filter(delivery=delivery, digest=delivery.digest)
    clearance = given.select_related("by__user").first()
    return deeds.say(LET_GO, name=clearance.by.name) if clearance is not None else ""


def _held(delivery: Delivery) -> deeds.Words:
    reason = HoldReason(delivery.hold_reason)
    if reason == HoldReason.BY_HAND:
        # Taking back a new time holds it too, and the log has no reason then.
        last = _last(delivery, events.HELD_BY_HAND, events.TAKEN_BACK)
        if last is not None and last.kind == events.HELD_BY_HAND.slug:
            return deeds.say(HELD, name=last.actor_label, reason=delivery.hold_note)
        return _by(_("%(name)s took back its time, so it is held."), last) or _NO_MORE
    return deeds.say(_("It is held: %(why)s"), why=reason.label)


def _last(delivery: Delivery, *kinds: Kind) -> Told | None:
    """Return the last event of these kinds about the delivery's post."""
    ref = delivery.post.ref
    rows = log().objects.filter(
        kind__in=[kind.slug for kind in kinds], subject_type=ref.type, subject_id=ref.id
    )
    return rows.order_by("-pk").first()


def _by(words: deeds.Words, event: Told | None) -> deeds.Words:
    """Return the words with who did it, "" where the log names nobody."""
    if event is None or event.actor_type == SYSTEM.type:
        return ""
    return deeds.say(words, name=event.actor_label)
