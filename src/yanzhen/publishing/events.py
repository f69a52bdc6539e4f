"""What publishing announces. Subjects are posts, and for gates what they guard."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Payload of publishing.scheduled. ``due`` is ISO 8601, UTC."""

    post: int
    segments: int
    due: str


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Payload of publishing.called_off."""

    post: int
    segments: int


@dataclass(frozen=True, slots=True)
class Published:
    """Payload of publishing.published. ``segment`` counts from 1; ``found``: by looking for it."""

    post: int
    delivery: int
    segment: int
    handle: str
    remote_id: str
    found: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """Payload of what keeps a delivery from going out. ``why`` is a slug, ``note`` X's words."""

    post: int
    delivery: int
    segment: int
    why: str
    note: str


@dataclass(frozen=True, slots=True)
class Doubled:
    """Payload of publishing.doubled. ``remote_ids`` are all that X shows, oldest first."""

    post: int
    delivery: int
    remote_ids: list[str]


@dataclass(frozen=True, slots=True)
class Stuck:
    """Payload of publishing.stuck. ``due`` is ISO 8601, UTC; ``why`` a slug of engine.watch.Why."""

    post: int
    delivery: int
    segment: int
    due: str
    why: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """Payload of what a member decided about a held or refused delivery."""

    post: int
    delivery: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """Payload of publishing.rescheduled. ``due`` is ISO 8601, UTC."""

    post: int
    delivery: int
    due: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Payload of publishing.cleared. ``digest`` is of exactly what was looked at; ``due`` as above.

    ``segments`` counts the parts of the thread that may go out now.
    """

    post: int
    delivery: int
    segments: int
    due: str
    digest: str


@dataclass(frozen=True, slots=True)
class LookWanted:
    """Payload of publishing.look_wanted. ``due`` is ISO 8601, UTC; ``stage`` is soon or due."""

    post: int
    delivery: int
    due: str
    stage: str


@dataclass(frozen=True, slots=True)
class RemovalAsked:
    """Payload of publishing.removal_asked. ``segments`` counts the posts meant."""

    post: int
    delivery: int
    segments: int
    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Payload of publishing.removed and publishing.removal_failed. ``note`` are X's words."""

    post: int
    delivery: int
    segment: int
    handle: str
    remote_id: str
    note: str


@dataclass(frozen=True, slots=True)
class GateMoved:
    """Payload of what happens to a gate. ``count``: in the air at a freeze, else what came due."""

    scope: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Payload of publishing.reconciled. ``found`` posts turned out to be on X already."""

    accounts: int
    found: int


@dataclass(frozen=True, slots=True)
class AppMoney:
    """Payload of publishing.app_paused and app_resumed. ``code``: no_credits or spend_cap."""

    code: str


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """Payload of publishing.budget_set. ``dollars`` a month, "–" for none; ``reserve`` percent."""

    dollars: str
    reserve: int


SCHEDULED = announce(
    Kind("publishing.scheduled", Scheduled, _("“%(subject)s” is scheduled to go out"))
)
CALLED_OFF = announce(
    Kind("publishing.called_off", CalledOff, _("“%(subject)s” will not go out as it was scheduled"))
)
PUBLISHED = announce(
    Kind("publishing.published", Published, _("“%(subject)s” is on X, on @%(handle)s"))
)
DOUBTED = announce(
    Kind(
        "publishing.doubted", Stopped, _("X gave no clear yes to “%(subject)s” and is being asked")
    )
)
REQUEUED = announce(
    Kind("publishing.requeued", Stopped, _("“%(subject)s” is not on X and will be tried again"))
)
HELD = announce(Kind("publishing.held", Stopped, _("“%(subject)s” is held and needs a person")))
MISSED = announce(
    Kind("publishing.missed", Stopped, _("“%(subject)s” missed its time and did not go out"))
)
REFUSED = announce(Kind("publishing.refused", Stopped, _("X refused “%(subject)s”: %(note)s")))
DOUBLED = announce(
    Kind(
        "publishing.doubled", Doubled, _("“%(subject)s” may be on X more than once; look at it now")
    )
)
STUCK = announce(
    Kind("publishing.stuck", Stuck, _("“%(subject)s” was due and is not out yet; look at it now"))
)
HELD_BY_HAND = announce(
    Kind("publishing.held_by_hand", Resolved, _("%(actor)s held “%(subject)s”: %(reason)s"))
)
CONFIRMED = announce(
    Kind("publishing.confirmed", Resolved, _("%(actor)s found “%(subject)s” on X"))
)
ASKED = announce(Kind("publishing.asked", Resolved, _("%(actor)s asked X about “%(subject)s”")))
RESEND_ASKED = announce(
    Kind(
        "publishing.resend_asked",
        Resolved,
        _("%(actor)s proposed to send “%(subject)s” again: %(reason)s"),
    )
)
RESEND_WITHDRAWN = announce(
    Kind(
        "publishing.resend_withdrawn",
        Resolved,
        _("%(actor)s took back the proposal to send “%(subject)s” again"),
    )
)
RESCHEDULED = announce(
    Kind("publishing.rescheduled", Rescheduled, _("%(actor)s gave “%(subject)s” a new time"))
)
TAKEN_BACK = announce(
    Kind("publishing.taken_back", Resolved, _("%(actor)s took back the new time of “%(subject)s”"))
)
SENT_AGAIN = announce(
    Kind(
        "publishing.sent_again",
        Resolved,
        _("%(actor)s decided to send “%(subject)s” again: %(reason)s"),
    )
)
GIVEN_UP = announce(
    Kind("publishing.given_up", Resolved, _("%(actor)s gave up sending “%(subject)s”: %(reason)s"))
)
HURRIED = announce(
    Kind("publishing.hurried", Resolved, _("%(actor)s sent “%(subject)s” out at once"))
)
CLEARED = announce(
    Kind(
        "publishing.cleared",
        Looked,
        _("%(actor)s gave “%(subject)s” the last look, and it may go out"),
    )
)
CLEARANCE_ENDED = announce(
    Kind(
        "publishing.clearance_ended",
        Resolved,
        _("%(actor)s took back the last look at “%(subject)s”"),
    )
)
LOOK_WANTED = announce(
    Kind(
        "publishing.look_wanted",
        LookWanted,
        _("“%(subject)s” does not go out before the lead’s last look"),
    )
)
APP_PAUSED = announce(
    Kind("publishing.app_paused", AppMoney, _("The X app %(subject)s has no money left at X"))
)
APP_RESUMED = announce(
    Kind("publishing.app_resumed", AppMoney, _("The X app %(subject)s is in use again"))
)
BUDGET_SET = announce(
    Kind(
        "publishing.budget_set",
        BudgetSet,
        _("%(actor)s set the budget of %(subject)s to %(dollars)s US dollars a month"),
    )
)
REMOVAL_ASKED = announce(
    Kind(
        "publishing.removal_asked",
        RemovalAsked,
        _("%(actor)s wants “%(subject)s” deleted on X: %(reason)s"),
    )
)
REMOVED = announce(
    Kind("publishing.removed", Removed, _("“%(subject)s” is deleted on X, on @%(handle)s"))
)
REMOVAL_FAILED = announce(
    Kind(
        "publishing.removal_failed",
        Removed,
        _("“%(subject)s” could not be deleted on X, on @%(handle)s: %(note)s"),
    )
)
FROZEN = announce(
    Kind("publishing.frozen", GateMoved, _("%(actor)s froze %(subject)s: %(reason)s"))
)
UNFROZEN = announce(
    Kind(
        "publishing.unfrozen",
        GateMoved,
        _("%(actor)s confirmed, and the freeze of %(subject)s is lifted: %(reason)s"),
    )
)
THAW_ASKED = announce(
    Kind(
        "publishing.thaw_asked",
        GateMoved,
        _("%(actor)s asked to lift the freeze of %(subject)s: %(reason)s"),
    )
)
THAW_REFUSED = announce(
    Kind(
        "publishing.thaw_refused",
        GateMoved,
        _("%(actor)s refused to lift the freeze of %(subject)s: %(reason)s"),
    )
)
THAW_WITHDRAWN = announce(
    Kind(
        "publishing.thaw_withdrawn",
        GateMoved,
        _("%(actor)s no longer asks to lift the freeze of %(subject)s"),
    )
)
THAW_OVERTAKEN = announce(
    Kind(
        "publishing.thaw_overtaken",
        GateMoved,
        _("%(actor)s froze %(subject)s once more; the wish to lift it is set aside"),
    )
)
RECONCILED = announce(
    Kind(
        "publishing.reconciled",
        Reconciled,
        _("%(subject)s was compared with X after a restore: %(found)s posts were out already"),
    )
)
