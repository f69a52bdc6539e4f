"""The ways out of a stopped post: which there are, who may take them, and which comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.channels.platforms import platform
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.models import content_of
from yanzhen.publishing.actions.resolving import wrote
from yanzhen.publishing.models import Delivery, Resend
from yanzhen.publishing.words import Cause

#: Where credits are bought at X.
CREDITS_URL = "https://console.x.com/"

THERE, AGAIN, TIME, DROP = "there", "again", "time", "drop"
POST, OPEN, ACCOUNT, MONEY, FREEZE = "post", "open", "account", "money", "freeze"

#: The way that helps most, by cause; what may have landed is looked for first.
_FIRST: Mapping[Cause, str] = {
    Cause.DUPLICATE: POST,
    Cause.REPLY_GATE: OPEN,
    Cause.QUOTE_GATE: OPEN,
    Cause.SUSPENDED: ACCOUNT,
    Cause.FORBIDDEN: ACCOUNT,
    Cause.DAY_LIMIT: TIME,
    Cause.TOO_LONG: POST,
    Cause.REFUSED: POST,
    Cause.NO_CREDITS: MONEY,
    Cause.SPEND_CAP: MONEY,
    Cause.MISSED: TIME,
    Cause.FROZEN: TIME,
    Cause.EDITED: POST,
    Cause.AUTHORITY: ACCOUNT,
    Cause.MISMATCH: ACCOUNT,
    Cause.LIMIT: TIME,
    Cause.UNREACHABLE: AGAIN,
    Cause.BEFORE: AGAIN,
    Cause.BY_HAND: TIME,
    Cause.MEDIA: AGAIN,
    Cause.EXPIRED: POST,
    Cause.MONEY: MONEY,
    Cause.RUNAWAY: FREEZE,
    Cause.WINDOW: DROP,
    Cause.REMOVED: DROP,
    Cause.EMBARGO: TIME,
}
_ACCOUNT = frozenset({Cause.AUTHORITY, Cause.MISMATCH, Cause.FORBIDDEN, Cause.SUSPENDED})
#: It is out, and what is wrong with it is settled elsewhere than by sending.
_OUT = frozenset({Cause.NOT_DELETED})
_AT_X = frozenset({Cause.NO_CREDITS, Cause.SPEND_CAP})
_GATES = frozenset({Cause.REPLY_GATE, Cause.QUOTE_GATE})
_CONTENT = frozenset(
    {
        *_GATES,
        Cause.DUPLICATE,
        Cause.TOO_LONG,
        Cause.REFUSED,
        Cause.EDITED,
        Cause.MEDIA,
        Cause.EXPIRED,
        Cause.REMOVED,
        Cause.WINDOW,
    }
)


@dataclass(frozen=True)
class Link:
    """Where the cause can be removed; ``first`` when that helps most. ``outside``: not here."""

    url: str
    words: str
    effect: str | Promise
    first: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Ways:
    """What may be done about one stopped delivery by one member.

    ``first`` is the way that helps most. ``landed``: an earlier try may be on X, so sending it
    again takes two. ``waiting`` is a proposal for the second member. ``no_again``, ``no_time`` and
    ``no_second`` say why this member cannot; "" when they can. ``links`` lead where the cause can
    be removed, ``answers`` to the post at X that a refused reply was for. ``settles``: whether it
    can be confirmed, sent, rescheduled or dropped at all.
    """

    first: str
    landed: bool
    waiting: Resend | None
    no_again: str | Promise
    no_second: str | Promise
    no_time: str | Promise
    change: bool
    links: list[Link]
    answers: str
    settles: bool


_OWN = _("You wrote it, so somebody else must send it again.")
_PROPOSED = _("You proposed it, so somebody else must confirm it.")
_WROTE = _("You wrote it, so somebody else must confirm it.")
_NO_TIME = _("Your roles do not carry setting times.")
_SETTLE = _("It may be on X: settle that first, then give it a new time.")


def ways_of(
    delivery: Delivery, cause: Cause, *, landed: bool, waiting: Resend | None, member: Member
) -> Ways:
    """Return the ways out of ``delivery`` for ``member``."""
    own = wrote(member, delivery.post)
    second = _PROPOSED if waiting and waiting.asked_by_id == member.pk else _WROTE if own else ""
    no_time = (
        _SETTLE
        if landed
        else ""
        if member.may(Decision.POST_SCHEDULE, account_id=delivery.account_id)
        else _NO_TIME
    )
    answers = _answers(delivery) if cause in _GATES else ""
    first = AGAIN if waiting else THERE if landed else _FIRST.get(cause, THERE)
    if landed and cause in _ACCOUNT | _AT_X:
        first = _FIRST[cause]
    if first == OPEN and not answers:
        first = POST
    return Ways(
        first=first,
        landed=landed,
        waiting=waiting,
        no_again=_OWN if own and not landed else "",
        no_second=second,
        no_time=no_time,
        change=cause in _CONTENT,
        links=_removing(delivery, cause),
        answers=answers,
        settles=cause not in _OUT,
    )


def _removing(delivery: Delivery, cause: Cause) -> list[Link]:
    """Return where the cause can be removed."""
    if cause in _ACCOUNT:
        words = str(_("Reconnect @%(handle)s")) % {"handle": delivery.account.handle}
        effect = _("Opens the account: connect it again, or see what X says of it.")
        return [Link(reverse("account", args=[delivery.account_id]), words, effect, first=True)]
    if cause in _AT_X:
        return [
            Link(
                CREDITS_URL,
                str(_("Buy credits at X")),
                _("Opens X’s developer console, where the app’s credits and limit are."),
                first=True,
                outside=True,
            ),
            Link(
                reverse("money"),
                str(_("Let the app be asked again")),
                _("Opens Money: say there that the app has credits again, then send this."),
            ),
        ]
    if cause == Cause.NOT_DELETED:
        there = platform(delivery.account.platform).post_url(
            delivery.account.handle, delivery.remote_id
        )
        return [
            Link(
                reverse("delivery-remove", args=[delivery.pk]),
                str(_("Delete on X")),
                _("Asks once more for a reason, then a worker tries again."),
                first=True,
            ),
            Link(there, str(_("Open on X")), _("Delete it there by hand."), outside=True),
        ]
    if cause == Cause.MONEY:
        effect = _("Opens Money: the account’s budget and what it has spent this month.")
        return [Link(reverse("money"), str(_("Raise the budget")), effect, first=True)]
    return _removing_here(delivery, cause)


def _removing_here(delivery: Delivery, cause: Cause) -> list[Link]:
    """Return where a cause that is ours alone can be removed."""
    if cause == Cause.EMBARGO:
        there = f"{reverse('post', args=[delivery.post_id])}#embargo"
        effect = _("Opens the post at its embargo: when it lifts, and who is on its list.")
        return [Link(there, str(_("See the embargo")), effect)]
    if cause in (Cause.RUNAWAY, Cause.FROZEN):
        first = cause == Cause.RUNAWAY
        effect = _("Shows what is frozen and why.")
        return [Link(reverse("freeze"), str(_("See the freeze")), effect, first=first)]
    return []


def _answers(delivery: Delivery) -> str:
    """Return the address of the post at X that a refused reply or quote was for."""
    terms = content_of(delivery.version).terms
    there = terms.reply_to or terms.quote
    account = delivery.account
    # X finds a post by its id under any name.
    return platform(account.platform).post_url("i", there) if there else ""
