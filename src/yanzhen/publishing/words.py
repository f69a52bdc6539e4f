"""What happened to a stopped post and what is safe to do about it, in the reader's language.

Every sentence here is for somebody who was woken up: first the fact, then what may be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.kernel.text import X_LIMIT, TextRefused, weigh
from yanzhen.planning.states import PostState
from yanzhen.publishing.models import Attempt, Delivery, LookUp
from yanzhen.publishing.states import DeliveryState, Doubt, HoldReason


class Cause(StrEnum):
    """Why a delivery stopped, as finely as what is safe to do differs."""

    DUPLICATE = "duplicate"
    REPLY_GATE = "reply_gate"
    QUOTE_GATE = "quote_gate"
    SUSPENDED = "suspended"
    FORBIDDEN = "forbidden"
    DAY_LIMIT = "day_limit"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    UNREADABLE = "unreadable"
    LOST = "lost"
    DUPLICATE_UNSEEN = "duplicate_unseen"
    UNASKED = "unasked"
    NO_CREDITS = "no_credits"
    SPEND_CAP = "spend_cap"
    MISSED = "missed"
    FROZEN = "frozen"
    EDITED = "edited"
    AUTHORITY = "authority"
    MISMATCH = "mismatch"
    LIMIT = "limit"
    UNREACHABLE = "unreachable"
    BEFORE = "before"
    BY_HAND = "by_hand"
    MEDIA = "media"
    EXPIRED = "expired"
    MONEY = "money"
    RUNAWAY = "runaway"
    WINDOW = "window"
    REMOVED = "removed"
    EMBARGO = "embargo"
    NOT_DELETED = "not_deleted"


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, and what is safe to do about it."""

    happened: str | Promise
    safe: str | Promise


MAYBE = _(
    "It may still be on X. If you see it there, say so. If not, one member proposes to send it "
    "again and a second one confirms; X is asked once more before anything leaves."
)

STORIES: Mapping[Cause, Story] = {
    Cause.DUPLICATE: Story(
        _("X refused it: this account has posted these words already."),
        _("It is not on X a second time. Change the words and review them again, or drop it."),
    ),
    Cause.REPLY_GATE: Story(
        _("X refused the reply: the author of the post it answers has not mentioned this account."),
        _(
            "Sending it again would be refused again. Reply by hand on X: open it with the text "
            "copied, then paste the link under “It is there”. Or drop it."
        ),
    ),
    Cause.QUOTE_GATE: Story(
        _("X refused the quote: with this app X does not take quotes of that post."),
        _(
            "Sending it again would be refused again. Quote by hand on X: open it with the text "
            "copied, then paste the link under “It is there”. Or drop it."
        ),
    ),
    Cause.SUSPENDED: Story(
        _("X refused it: the account is suspended or locked."),
        _(
            "Nothing of this account goes out until that is lifted. Sign in at X as the account, "
            "do what X asks there, then send it again or give it a new time."
        ),
    ),
    Cause.FORBIDDEN: Story(
        _("X refused it: the app or the account may not post."),
        _(
            "Sign in at X and see whether the account is locked. Set the app’s permission to “Read "
            "and write” in X’s developer portal, connect the account again, then send it again."
        ),
    ),
    Cause.DAY_LIMIT: Story(
        _("X refused it: the account has posted as much as X allows in a day."),
        _("Nothing of this account goes out until X lets it post again. Give it a later time."),
    ),
    Cause.TOO_LONG: Story(
        _("X refused it, and it is longer than X takes without Premium."),
        _(
            "See whether the account still has Premium. If not, open the post, shorten it and "
            "review it again."
        ),
    ),
    Cause.REFUSED: Story(
        _("X refused it as it is."),
        _("X’s own words say why. Change the post and review it again, or drop it."),
    ),
    Cause.SERVER_ERROR: Story(
        _("X answered with a fault of its own, and has not shown the post in ten minutes."), MAYBE
    ),
    Cause.TIMEOUT: Story(
        _("X did not answer in time, and has not shown the post in ten minutes."), MAYBE
    ),
    Cause.BROKEN: Story(
        _("The connection broke before X answered, and X has not shown the post in ten minutes."),
        MAYBE,
    ),
    Cause.UNREADABLE: Story(
        _("X’s answer could not be read, and X has not shown the post in ten minutes."), MAYBE
    ),
    Cause.LOST: Story(
        _("The worker ended while it was sending, and X has not shown the post in ten minutes."),
        MAYBE,
    ),
    Cause.DUPLICATE_UNSEEN: Story(
        _("X says that it has these words already, but does not show the first try."), MAYBE
    ),
    Cause.UNASKED: Story(
        _("X gave no clear yes, and could not be asked afterwards whether the post is there."),
        MAYBE,
    ),
    Cause.NO_CREDITS: Story(
        _("X refused it: the X app has no credits left. X does not show the post."),
        _("Waiting does not help. Buy credits at X, then send it again or give it a new time."),
    ),
    Cause.SPEND_CAP: Story(
        _("X refused it: the X app’s spending limit is reached. X does not show the post."),
        _(
            "Raise the spending limit in X’s developer portal or wait until X resets it, then send "
            "it again or give it a new time."
        ),
    ),
    Cause.MISSED: Story(
        _("It missed its time by too much, so it was not sent late without being asked."),
        _("Nothing was sent. Give it a new time, send it now, or drop it."),
    ),
    Cause.FROZEN: Story(
        _("It came due during a freeze."),
        _("Nothing was sent. Give it a time after the freeze, or drop it."),
    ),
    Cause.EDITED: Story(
        _("What was about to leave is not what was passed."),
        _("Nothing was sent. Open the post and send it through review again, or drop it."),
    ),
    Cause.AUTHORITY: Story(
        _("X no longer accepts the account’s keys."),
        _("Connect the account again, then send it again or give it a new time."),
    ),
    Cause.MISMATCH: Story(
        _("The keys belong to another account than the one that was passed."),
        _("Nothing was sent. Connect the right account again, then send it again."),
    ),
    Cause.LIMIT: Story(
        _("X’s limit for this account was used up, and X does not show the post."),
        _("Give it a time after the limit ends, or send it again then."),
    ),
    Cause.UNREACHABLE: Story(
        _("X could not be reached, so nothing left this server."),
        _("Nothing was sent. Send it now, give it a new time, or drop it."),
    ),
    Cause.BEFORE: Story(
        _("An earlier post of its thread did not go out."),
        _("What came before it is settled. Send the rest of the thread, or drop it."),
    ),
    Cause.BY_HAND: Story(
        _("A member held it."),
        _("Nothing was sent. Give it a new time when it may go out, or drop it."),
    ),
    Cause.MEDIA: Story(
        _("X did not take its media."),
        _(
            "Nothing was sent. Send it again to upload once more. If X refuses again, open the "
            "post, change the media and review it again."
        ),
    ),
    Cause.EXPIRED: Story(
        _("A file of the post may not be used when the post is due."),
        _(
            "Nothing was sent. Have the file’s time changed in the library and give the post a new "
            "time, or open the post, take another file and review it again."
        ),
    ),
    Cause.MONEY: Story(
        _("The account’s budget for this month is used up."),
        _("Nothing was sent. Raise the budget and send it again, or give it a time next month."),
    ),
    Cause.RUNAWAY: Story(
        _("The account was about to post far more than it does otherwise."),
        _("Nothing was sent. See what made so many posts, lift the freeze, then send it again."),
    ),
    Cause.WINDOW: Story(
        _("X’s time for editing the post is over."),
        _("Nothing was changed on X. Drop the edit, or delete the post on X and write it anew."),
    ),
    Cause.REMOVED: Story(
        _("What it edits, answers or shows again is gone from X."),
        _("Nothing was sent. Drop it, or write a post of its own."),
    ),
    Cause.EMBARGO: Story(
        _("It came due before its embargo lifts."),
        _(
            "Nothing was sent. Give it a time after the embargo, or let two people on its list "
            "lift the embargo earlier; then send it again."
        ),
    ),
    Cause.NOT_DELETED: Story(
        _("It is still on X: deleting it there did not work."),
        _("Try again here, or open it on X and delete it there by hand."),
    ),
}

_BY_REASON: Mapping[str, Cause] = {
    HoldReason.FROZEN: Cause.FROZEN,
    HoldReason.EDITED: Cause.EDITED,
    HoldReason.AUTHORITY: Cause.AUTHORITY,
    HoldReason.MISMATCH: Cause.MISMATCH,
    HoldReason.LIMIT: Cause.LIMIT,
    HoldReason.UNREACHABLE: Cause.UNREACHABLE,
    HoldReason.BEFORE: Cause.BEFORE,
    HoldReason.BY_HAND: Cause.BY_HAND,
    HoldReason.MEDIA: Cause.MEDIA,
    HoldReason.EXPIRED: Cause.EXPIRED,
    HoldReason.MONEY: Cause.MONEY,
    HoldReason.CREDITS: Cause.NO_CREDITS,
    HoldReason.RUNAWAY: Cause.RUNAWAY,
    HoldReason.WINDOW: Cause.WINDOW,
    HoldReason.REMOVED: Cause.REMOVED,
    HoldReason.EMBARGO: Cause.EMBARGO,
}
#: What kept it from leaving in time, by the code of its last try.
_WHY_MISSED: Mapping[str, Cause] = {"rate_limited": Cause.LIMIT, "unsent": Cause.UNREACHABLE}
_UNCLEAR = frozenset(
    {Cause.SERVER_ERROR, Cause.TIMEOUT, Cause.BROKEN, Cause.UNREADABLE, Cause.LOST}
)
_REFUSALS = frozenset(
    {
        Cause.DUPLICATE,
        Cause.REPLY_GATE,
        Cause.QUOTE_GATE,
        Cause.SUSPENDED,
        Cause.FORBIDDEN,
        Cause.DAY_LIMIT,
        Cause.TOO_LONG,
    }
)


def cause_of(delivery: Delivery, last: Attempt | None, look: LookUp | None) -> Cause:
    """Return why a stopped delivery stopped. ``last`` and ``look`` are its latest, if any."""
    code = last.code if last else ""
    if delivery.state == DeliveryState.PUBLISHED:
        return Cause.NOT_DELETED
    if delivery.state == DeliveryState.MISSED:
        return _WHY_MISSED.get(code, Cause.MISSED)
    if delivery.state == DeliveryState.FAILED:
        return _refusal(delivery, code)
    if delivery.hold_reason == HoldReason.CREDITS and code == Cause.SPEND_CAP:
        return Cause.SPEND_CAP
    if delivery.hold_reason in _BY_REASON:
        return _BY_REASON[delivery.hold_reason]
    return _unclear(code, asked=look is None or look.proven)


def _unclear(code: str, *, asked: bool) -> Cause:
    if asked and code == Cause.DUPLICATE:
        return Cause.DUPLICATE_UNSEEN
    return Cause(code) if asked and code in _UNCLEAR else Cause.UNASKED


def _refusal(delivery: Delivery, code: str) -> Cause:
    if code in _REFUSALS:
        return Cause(code)
    # X's words for it vary; our own count does not.
    return Cause.TOO_LONG if _over(delivery.text) else Cause.REFUSED


def _over(text: str) -> bool:
    try:
        return weigh(text, X_LIMIT).remaining < 0
    except TextRefused:
        return False


_ASKED: Mapping[str, str | Promise] = {
    Cause.SERVER_ERROR: _("X answered with a fault of its own."),
    Cause.TIMEOUT: _("X did not answer in time."),
    Cause.BROKEN: _("The connection broke before X answered."),
    Cause.UNREADABLE: _("X’s answer could not be read."),
    Cause.LOST: _("The worker ended while it was sending."),
}
_DOUBTED: Mapping[str, str | Promise] = {
    Doubt.UNKNOWN: _("No clear answer came."),
    Doubt.REFUSED: _("X refused it; a refusal alone is no proof that it is not there."),
    Doubt.DUPLICATE: _("X knows these words already: the first try seems to have landed."),
    Doubt.AUTHORITY: _("X did not accept the account’s keys."),
    Doubt.LIMIT: _("X’s limit for this account is used up."),
    Doubt.MONEY: _("The X app has no money left."),
}
ASKING = _(
    "Nothing to do yet. X is asked after 5, 20, 60, 180 and 600 seconds, and it is never sent "
    "twice by itself."
)


def doubted(delivery: Delivery, last: Attempt | None) -> str:
    """Return what happened to a delivery X is being asked about."""
    if delivery.doubt == Doubt.UNKNOWN and last is not None and last.code in _ASKED:
        return str(_ASKED[last.code])
    return str(_DOUBTED.get(delivery.doubt, _DOUBTED[Doubt.UNKNOWN]))


#: What the engine noted in its own words, for people.
_NOTES: Mapping[str, str | Promise] = {
    "another version is current": _("Another version of the text is current."),
    "the text or the account is not the one that was passed": _(
        "The text or the account is not the one that was passed."
    ),
    "no passed round for this text": _("No round of review has passed this text."),
    "one member passed two levels": _("One member passed two levels."),
    "a level is not passed": _("A level of review is not passed."),
    "a level lacks its quorum of others than the authors": _(
        "A level of review was not passed by enough people who did not write it."
    ),
    "the payload is not what was passed": _("What was to leave is not what was passed."),
    "the version has no such segment": _("The version has no such post."),
    "the media are not those that were passed": _("The media are not those that were passed."),
    "it is to be deleted": _("It is to be deleted."),
    "the very same post within 24 hours": _("The very same post went out within 24 hours."),
}


_STAGE_NOTE = "the post is "
_RUNAWAY_NOTE = " posts within an hour"


def noted(note: str) -> tuple[str, bool]:
    """Return a note for the reader, and whether it is a quotation in English (X's words)."""
    if note in _NOTES:
        return str(_NOTES[note]), False
    stage = note.removeprefix(_STAGE_NOTE)
    if stage != note and stage in PostState.values:
        return str(_("The post is “%(stage)s”.")) % {"stage": PostState(stage).label}, False
    most = note.removesuffix(_RUNAWAY_NOTE)
    if most != note and most.isdigit():
        said = _("%(most)s posts went out within an hour, the most that is allowed.")
        return str(said) % {"most": most}, False
    return note, bool(note)
