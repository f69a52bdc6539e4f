"""Sending letters to Slack and to outlets: runs in workers only, because it opens stored secrets.

Each letter is claimed by compare-and-set; what came of a try is written under that try's number.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from traceback import format_tb

from django.utils import translation
from django.utils.translation import gettext as _

from yanzhen.channels.closing import is_closed
from yanzhen.channels.opening import opener
from yanzhen.channels.vault import Place, VaultClosed, WrongSeal
from yanzhen.notify import deeds, wired
from yanzhen.notify.actions.settling import claim, discard, drop, put_off, settle
from yanzhen.notify.actions.slack import link_token
from yanzhen.notify.composing import NothingNew, NothingToSay, card_of, mark_of, offers_of
from yanzhen.notify.models import (
    ASIDE,
    LINKING,
    SHEET,
    Browser,
    Letter,
    Outlet,
    PushKey,
    SlackLink,
    SlackTeam,
)
from yanzhen.notify.ports import Choice, Gone, Refused, Sheet, Target
from yanzhen.notify.states import LetterState, OutletKind, Unsaid, Way
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member

logger = logging.getLogger(__name__)

BATCH = 20
#: After this long in one turn the loop gives others their turn; the rest is due at once again.
TURN_SECONDS = 20.0
#: A form that Slack has not opened by then is refused by Slack; trying longer helps nobody.
SHEET_LASTS = timedelta(seconds=10)


def post_letters(now: datetime) -> int:
    """Send what is due at ``now`` (the database's clock); return how many letters were tried.

    A place that did not answer in time is left alone for the rest of the turn.
    """
    if is_closed():
        return 0
    due = Letter.objects.due(Way.SLACK, Way.PUSH, Way.OUTLET, now=now).in_turn()
    due = due.select_related("workspace", "outlet", "member__user", "notice")
    tried, slow = 0, set()
    until = time.monotonic() + TURN_SECONDS
    for letter in due[:BATCH]:
        if _place_of(letter) in slow or not claim(letter, now=now):
            continue
        tried += 1
        if not send_letter(letter, now=now):
            slow.add(_place_of(letter))
        if time.monotonic() > until:
            break
    return tried


def _place_of(letter: Letter) -> tuple[int, str, int]:
    return letter.workspace_id, letter.way, letter.outlet_id or letter.member_id or 0


def send_letter(letter: Letter, *, now: datetime) -> bool:
    """Send one claimed letter and write down what came of it; False when nothing was heard."""
    try:
        carried = _carry(letter, now=now)
    except NothingNew:
        discard(letter)
    except NothingToSay as nothing:
        drop(letter, nothing.why, now=now)
    except Refused as refused:
        if letter.kind == SHEET:
            # Slack takes the word to open a form for a few seconds only.
            drop(letter, Unsaid.LATE, now=now)
            return True
        wait = timedelta(seconds=refused.after_seconds) if refused.after_seconds else None
        put_off(letter, refused.words, now=now, permanent=refused.permanent, after=wait)
        return refused.permanent
    except (VaultClosed, WrongSeal) as trouble:
        put_off(letter, str(trouble), now=now, permanent=isinstance(trouble, WrongSeal))
    except Exception as error:  # noqa: BLE001 -- one letter must not stop the others
        # Where it happened is logged, and not what the error says, which may hold a secret.
        where = "".join(format_tb(error.__traceback__))
        logger.error("letter %s: %s\n%s", letter.pk, type(error).__name__, where)  # noqa: TRY400 -- no message
        put_off(letter, type(error).__name__, now=now)
    else:
        settle(letter, remote=carried.remote, offers=carried.offers, mark=carried.mark, now=now)
    return True


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a letter's message is, what it offers, and a mark of what it says."""

    remote: Mapping[str, str] = field(default_factory=dict)
    offers: Sequence[Sequence[str]] = ()
    mark: str = ""


def _carry(letter: Letter, *, now: datetime) -> Carried:
    """Do what the letter is for. Raises NothingToSay and NothingNew."""
    if letter.member is not None and not _is_here(letter.member):
        raise NothingToSay(Unsaid.LEFT)
    if letter.outlet is not None:
        return _to_outlet(letter, letter.outlet, now=now)
    if letter.way == Way.PUSH:
        return _to_browsers(letter, now=now)
    return _to_slack(letter, now=now)


def _is_here(member: Member) -> bool:
    return member.active and member.user.is_active


def _to_outlet(letter: Letter, outlet: Outlet, *, now: datetime) -> Carried:
    if not outlet.active and letter.event is not None:
        raise NothingToSay(Unsaid.OFF)
    if outlet.kind == OutletKind.SLACK:
        return _post_in_slack(letter, outlet.address)
    target = Target(outlet.address, _secrets_of(outlet, now=now))
    if outlet.kind == OutletKind.TEAMS:
        # The whole address of a workflow is its secret.
        target = Target(target.secrets[0])
    return Carried(wired.messenger(outlet.kind).post(card_of(letter), target))


def _secrets_of(outlet: Outlet, *, now: datetime) -> tuple[str, ...]:
    sealed = [outlet.sealed]
    if outlet.sealed_before and outlet.changes_secret(now):
        sealed.append(outlet.sealed_before)
    return tuple(_open(each, outlet.place) for each in sealed)


def _open(sealed: bytes | memoryview, place: Place) -> str:
    return opener().open(sealed, place).decode()


def _to_browsers(letter: Letter, *, now: datetime) -> Carried:
    """Push to every browser of the member; one that had it before shows it in place of the first.

    A browser that takes no more is forgotten.
    """
    key = PushKey.objects.first()
    browsers = list(Browser.objects.filter(member=letter.member_id).order_by("pk"))
    if key is None or not browsers:
        raise NothingToSay(Unsaid.NOWHERE)
    pem, card = _open(key.sealed, key.place), card_of(letter)
    trouble: Refused | None = None
    for browser in browsers:
        endpoint, p256dh, auth = json.loads(_open(browser.sealed, browser.place))
        try:
            wired.messenger("push").post(card, Target(endpoint, (p256dh, auth, pem)))
        except Gone:
            browser.delete()
        except Refused as refused:
            trouble = refused
    if trouble is not None:
        raise trouble
    return Carried()


def _slack_of(letter: Letter, channel: str) -> Target:
    team = SlackTeam.objects.filter(workspace_id=letter.workspace_id).first()
    if team is None:
        raise NothingToSay(Unsaid.NO_SLACK)
    return Target(channel, (_open(team.sealed_token, team.place),))


def _post_in_slack(letter: Letter, channel: str) -> Carried:
    target = _slack_of(letter, channel)
    if letter.rewrites_id is not None:
        return _write_anew(letter, letter.rewrites_id, target)
    card = card_of(letter)
    return Carried(wired.slack().post(card, target), offers_of(card), mark_of(card))


def _write_anew(letter: Letter, number: int, target: Target) -> Carried:
    """Write the message of that letter anew, as things stand now."""
    message = Letter.objects.get(pk=number)
    if message.state != LetterState.SENT or not message.remote:
        raise NothingToSay(Unsaid.LATE)
    letter.rewrites = message
    card = card_of(letter)
    mark = mark_of(card)
    if mark == message.mark:
        raise NothingNew
    try:
        wired.slack().rewrite(card, target, message.remote)
    except Gone:
        raise NothingToSay(Unsaid.DELETED) from None
    return Carried(mark=mark)


def _to_slack(letter: Letter, *, now: datetime) -> Carried:
    if letter.kind == ASIDE:
        told = letter.extra
        wired.slack().aside(told["words"], _slack_of(letter, told["channel"]), reader=told["user"])
        return Carried()
    if letter.kind == SHEET:
        _open_sheet(letter, now=now)
        return Carried()
    if letter.kind == LINKING:
        _say_link(letter)
        return Carried()
    link = SlackLink.objects.standing().filter(member=letter.member_id).first()
    if link is None or _was_anothers(letter, link):
        raise NothingToSay(Unsaid.NOWHERE)
    return _post_in_slack(letter, link.slack_user)


def _was_anothers(letter: Letter, link: SlackLink) -> bool:
    """Tell whether a message was sent to the Slack user the member had before."""
    posted_at = letter.rewrites.settled_at if letter.rewrites is not None else None
    return posted_at is not None and posted_at < link.linked_at


def _say_link(letter: Letter) -> None:
    """Send the one-time link as a message to the Slack user it is for."""
    language = letter.member.user.language if letter.member is not None else "en"
    name = letter.member.user.name if letter.member is not None else ""
    with translation.override(language):
        words = _(
            "%(name)s asks to act in %(workspace)s from this Slack account. If that is you, open"
            " this within half an hour: %(address)s"
        ) % {
            "name": name,
            "workspace": letter.workspace.name,
            "address": address_of("slack-link", token=link_token(letter)),
        }
    user = letter.extra["user"]
    wired.slack().aside(words, _slack_of(letter, user), reader="")


def _open_sheet(letter: Letter, *, now: datetime) -> None:
    told = letter.extra
    deed = deeds.find(told["deed"])
    if deed is None or deed.asks is None or now - letter.owed_at > SHEET_LASTS:
        raise NothingToSay(Unsaid.LATE)
    with translation.override(told["language"]):
        sheet = Sheet(
            title=str(deed.label),
            submit=str(deed.label),
            close=_("Not now"),
            carries=told["carries"],
            about=told.get("about", ""),
            fields=_fields(deed.asks, told.get("points", ())),
        )
    wired.slack().open_sheet(sheet, _slack_of(letter, told["channel"]), trigger=told["trigger"])


def _fields(asks: deeds.Asked, points: Sequence[Sequence[str]]) -> list[Choice]:
    """Return the questions of a form: points to tick, one of the reasons, a comment."""
    found = []
    if points:
        boxes = [(value, words) for value, words in points]
        found.append(Choice("points", str(asks.points_label), boxes, many=True))
    if asks.reasons is not None:
        reasons = [(value, str(words)) for value, words in asks.reasons()]
        found.append(Choice("reason", str(asks.reason_label), reasons))
    return [*found, Choice("comment", str(asks.comment_label), most=asks.most)]


def forget_letters(now: datetime) -> int:
    """Drop what is owed to who has left, and delete what is settled long since; return how many.

    Dead letters stay longer.
    """
    old = Letter.objects.filter(
        state__in=[LetterState.SENT, LetterState.DROPPED], settled_at__lt=now - timedelta(days=30)
    )
    dead = Letter.objects.dead().filter(settled_at__lt=now - timedelta(days=90))
    # Nobody mails who has left, so what they are owed would wait for ever.
    left = Letter.objects.filter(state=LetterState.DUE, way=Way.MAIL)
    left = left.exclude(member__in=Member.objects.active())
    gone = left.update(state=LetterState.DROPPED, settled_at=now)
    return gone + old.delete()[0] + dead.delete()[0]
