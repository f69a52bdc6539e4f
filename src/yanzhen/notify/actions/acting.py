"""Doing a deed as the member whose Slack user or session it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.feed import Told, events
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify import deeds
from yanzhen.notify.actions.rewriting import say_in_messages
from yanzhen.notify.events import ACKNOWLEDGED, Acknowledged
from yanzhen.notify.models import Notice
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member
from yanzhen.people.rights import DUTIES, NotAllowed
from yanzhen.signin.queries import has_factor_anywhere

#: What a deed raises where it is not done.
BARS = (NotAllowed, MoveRefused, ObjectDoesNotExist, deeds.DeedRefused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a deed, in whichever language it is read. ``over``: it is no longer on offer."""

    done: bool
    words: deeds.Words
    over: bool = False


def do_deed(
    slug: str,
    target: str,
    *,
    by: Member,
    given: deeds.Given | None = None,
    proven: bool = False,
    now: datetime,
) -> Outcome:
    """Do a deed as the member, and return what to say. Refusals are outcomes, not exceptions.

    ``proven``: the member has just proved in this session who they are. What asks for that is not
    done without it; the words lead to the page where it can be.
    """
    deed = deeds.find(slug)
    if deed is None:
        words: deeds.Words = _("This can no longer be done from here.")
        return Outcome(done=False, words=words, over=True)
    try:
        _check_who(deed, target, by=by, proven=proven)
        with transaction.atomic():
            words = deed.run(by, target, given or deeds.Given(), now)
    except BARS as refused:
        return _bar(refused)
    return Outcome(done=True, words=words, over=True)


def _check_who(deed: deeds.Deed, target: str, *, by: Member, proven: bool) -> None:
    """Raise DeedRefused with what the member has to do before this deed, and where."""
    if by.needs_second_factor and not has_factor_anywhere(by.user):
        words = _("Set up your second step first, then decide: %(address)s")
        raise deeds.DeedRefused(deeds.say(words, address=address_of("second-factor")))
    if not proven and (address := proof_page(deed, target, by=by)):
        words = _("This one asks for a fresh sign-in. Decide it here: %(address)s")
        raise deeds.DeedRefused(deeds.say(words, address=address))


def proof_page(deed: deeds.Deed, target: str, *, by: Member) -> str:
    """Return where the member proves who they are to do this to the target; "" for no need."""
    return deed.proof_page(by, target) if deed.proof_page is not None else ""


def show_deed(deed: deeds.Deed, target: str, *, to: Member) -> tuple[deeds.Shown, Outcome | None]:
    """Return what the member is shown before they answer, and what bars them. Changes nothing."""
    try:
        if deed.check is not None:
            deed.check(to, target)
        return deed.asks.shows(to, target) if deed.asks is not None else deeds.Shown(), None
    except BARS as refused:
        return deeds.Shown(), _bar(refused)


def _bar(refused: Exception) -> Outcome:
    if isinstance(refused, NotAllowed):
        return Outcome(done=False, words=_why_not(refused))
    if isinstance(refused, MoveRefused):
        return Outcome(done=False, words=_("Somebody was faster: it is settled."), over=True)
    if isinstance(refused, deeds.DeedRefused):
        return Outcome(done=False, words=refused.words, over=refused.over)
    return Outcome(done=False, words=_("It is not there any more, or not for you."))


def _why_not(refused: NotAllowed) -> deeds.Words:
    if refused.reason == "lent_own":
        return _("Your right to this was lent by whoever it is about, so somebody else decides.")
    if refused.reason == "own_work":
        return _("You wrote in this yourself, so somebody else decides.")
    if refused.reason == "already_decided":
        return _("You have decided in this round already.")
    if refused.reason == "other_role" and refused.roles:
        return deeds.say(_("This is for: %(roles)s."), roles=", ".join(refused.roles))
    duty = DUTIES[refused.decision].sentence
    return deeds.say(_("Your roles do not allow this: %(duty)s"), duty=duty)


@transaction.atomic
def answer_message(
    event: int,
    slug: str,
    target: str,
    *,
    by: Member,
    given: deeds.Given | None = None,
    proven: bool = False,
    now: datetime,
) -> Outcome:
    """Do a deed that news of this event offered, as do_deed, and write its messages anew.

    Both or neither: what was done never goes on being offered. ``event`` is its number in the log,
    0 when it is not known (any more).
    """
    outcome = do_deed(slug, target, by=by, given=given, proven=proven, now=now)
    settle_messages(event, outcome, now=now)
    return outcome


@transaction.atomic
def settle_messages(event: int, outcome: Outcome, *, now: datetime) -> None:
    """Write the messages about an event anew, once nothing is left to be done about it."""
    if outcome.over:
        say_in_messages(event, outcome.words, over=not outcome.done, now=now)


def _event_number(event: Told) -> str:
    return str(event.pk)


def _acknowledged(event: Told, target: str) -> deeds.Words:
    """Say who has taken notice of an event first, "" while nobody has."""
    rows = events().objects.filter(
        workspace_id=event.workspace_id,
        kind=ACKNOWLEDGED.slug,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        data__event=event.pk,
    )
    first = rows.order_by("pk").first()
    return deeds.say(_BY, name=first.actor_label) if first is not None else ""


_BY = _("Acknowledged by %(name)s.")


@transaction.atomic
def acknowledge(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    """Note in the log that the member has taken notice of an event, and read their notice.

    Raises ObjectDoesNotExist for an event of another workspace or one veiled from the member.
    """
    event = events().objects.told_to(by).get(pk=parse_id(target) or 0)
    Notice.objects.filter(member=by, event=event.pk, seen_at=None).update(seen_at=now)
    record(
        ACKNOWLEDGED,
        Acknowledged(event=event.pk, kind=event.kind),
        actor=by.ref,
        subject=Ref(event.subject_type, event.subject_id, event.subject_label),
        workspace_id=by.workspace_id,
        at=now,
    )
    return deeds.say(_BY, name=by.name)


ACKNOWLEDGE = deeds.Deed(
    "notify.acknowledge",
    label=_("Acknowledge"),
    target=_event_number,
    run=acknowledge,
    decides=False,
    became=_acknowledged,
    # Who knows of it has not decided it.
    closes=False,
)
deeds.offer_urgent(ACKNOWLEDGE)
