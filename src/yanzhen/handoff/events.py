"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Bare:
    """Payload of kinds that the actor and the subject say in full."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Payload of what happens to a handover: the numbers of who hands over (0: nobody) and who
    should take it; when it is due (ISO); how many points it has.
    """

    outgoing: int
    receiver: int
    due: str
    items: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Payload of handoff.refused. ``outgoing`` keeps the lead."""

    outgoing: int
    reason: str


@dataclass(frozen=True, slots=True)
class Paged:
    """Payload of handoff.unaccepted: which rung, whom it pages, minutes since it was due."""

    rung: int
    members: list[int]
    minutes: int


OPENED = announce(Kind("handoff.opened", HandedOver, _("%(actor)s began a handoff to %(subject)s")))
SENT = announce(Kind("handoff.sent", HandedOver, _("%(actor)s hands the lead over to %(subject)s")))
ACCEPTED = announce(
    Kind("handoff.accepted", HandedOver, _("%(actor)s accepted the handoff to %(subject)s"))
)
REFUSED = announce(
    Kind("handoff.refused", Refused, _("%(actor)s refused the handoff to %(subject)s: %(reason)s"))
)
WITHDRAWN = announce(
    Kind("handoff.withdrawn", Bare, _("%(actor)s took back the handoff to %(subject)s"))
)
OVERTAKEN = announce(
    Kind("handoff.overtaken", Bare, _("The lead went another way than to %(subject)s"))
)
UNACCEPTED = announce(
    Kind(
        "handoff.unaccepted",
        Paged,
        _("Nobody has accepted the handoff to %(subject)s, %(minutes)s minutes after its hour"),
    )
)
FELL = announce(
    Kind("handoff.fell", Bare, _("Whoever had the lead is gone: it is with %(subject)s now"))
)
FORM_CHANGED = announce(
    Kind("handoff.form_changed", Bare, _("%(actor)s changed the form of handoffs"))
)
