"""What Slack says that somebody pressed there: done once, as the member it is linked to.

The request is verified before it comes here. Nothing is sent from inside it: what has to be said or
shown in Slack is owed as letters. Slack wants an answer within three seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yanzhen.kernel.ids import parse_id
from yanzhen.notify import deeds
from yanzhen.notify.actions.acting import answer_message, settle_messages, show_deed
from yanzhen.notify.models import ASIDE, SHEET, Knock, Letter, SlackLink, SlackTeam
from yanzhen.notify.states import Way
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member

Answer = dict[str, Any]


class NotUnderstood(Exception):
    """The request is not one of ours, or not one we know."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button somebody pressed. ``trigger`` opens a form, for a few seconds."""

    key: str
    user: str
    channel: str
    trigger: str
    deed: str
    letter: int
    target: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form somebody sent off."""

    key: str
    user: str
    deed: str
    letter: int
    target: str
    channel: str
    given: deeds.Given


def read_interaction(payload: Mapping[str, Any]) -> Press | Filled:
    """Return what an interaction of Slack says. Raises NotUnderstood."""
    try:
        if payload["type"] == "block_actions":
            return _press(payload)
        if payload["type"] == "view_submission":
            return _filled(payload)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise NotUnderstood(type(error).__name__) from None
    raise NotUnderstood(str(payload["type"])[:40])


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _number(raw: str) -> int:
    found = parse_id(raw)
    if found is None:
        raise ValueError(raw)
    return found


def _press(payload: Mapping[str, Any]) -> Press:
    action = payload["actions"][0]
    user = str(payload["user"]["id"])
    slug, value = str(action["action_id"]), str(action.get("value", ""))
    letter, _colon, target = value.partition(":")
    return Press(
        key=_key("press", user, slug, value, str(action["action_ts"])),
        user=user,
        channel=str(payload["container"]["channel_id"]),
        trigger=str(payload.get("trigger_id", "")),
        deed=slug,
        letter=_number(letter),
        target=target,
    )


def _filled(payload: Mapping[str, Any]) -> Filled:
    view = payload["view"]
    user = str(payload["user"]["id"])
    carried = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    reason = (values.get("reason", {}).get("reason", {}).get("selected_option") or {}).get("value")
    comment = values.get("comment", {}).get("comment", {}).get("value")
    ticks = _ticked(values)
    return Filled(
        # The same form sent again after a refusal is another try, with other words or another hash.
        key=_key(
            *("sheet", user, str(view["id"]), str(view["hash"]), str(reason), str(comment)), *ticks
        ),
        user=user,
        deed=str(carried["d"]),
        letter=int(carried["l"]),
        target=str(carried["t"]),
        channel=str(carried["c"]),
        given=deeds.Given(
            reason=str(reason or ""),
            comment=str(comment or ""),
            ticks=ticks,
            seen=str(carried.get("s", "")),
        ),
    )


def _ticked(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was ticked, from however many groups of boxes a form needed."""
    return tuple(
        str(option["value"])
        for block in values.values()
        for field in block.values()
        for option in field.get("selected_options") or ()
    )


def once(team: SlackTeam, key: str, act: Callable[[], Answer], *, now: datetime) -> Answer:
    """Do ``act`` for the first request with this key, and give its answer to every other."""
    try:
        with transaction.atomic():
            knock = Knock.objects.create(workspace_id=team.workspace_id, key=key, at=now)
            answer = act()
            Knock.objects.filter(pk=knock.pk).update(answer=answer)
            return answer
    except IntegrityError:
        found = Knock.objects.filter(workspace_id=team.workspace_id, key=key).first()
        if found is None:
            raise
        return dict(found.answer)


def take(team: SlackTeam, said: Press | Filled, *, now: datetime) -> Answer:
    """Do what was pressed or sent off, once, and return what Slack is to be answered."""

    def act() -> Answer:
        member = _member_of(team, said.user)
        if member is None:
            _stranger(team, said, now=now)
            return {}
        with translation.override(member.user.language):
            if isinstance(said, Press):
                return _pressed(team, said, member, now=now)
            return _sent_off(team, said, member, now=now)

    return once(team, said.key, act, now=now)


def _member_of(team: SlackTeam, slack_user: str) -> Member | None:
    """Return who that Slack user is here, if they may still act."""
    links = SlackLink.objects.standing().filter(
        workspace_id=team.workspace_id, slack_user=slack_user
    )
    members = Member.objects.active().filter(slack_links__in=links)
    return members.with_roles().select_related("workspace").first()


def _stranger(team: SlackTeam, said: Press | Filled, *, now: datetime) -> None:
    """Tell whoever pressed how to say who they are; there is no language to know yet."""
    address = f"{address_of('telling')}?slack={said.user}#slack"
    with translation.override("en"):
        english = _("Yanzhen does not know you in Slack yet. Link yourself here: %(address)s")
    with translation.override("zh-hans"):
        chinese = _("Yanzhen does not know you in Slack yet. Link yourself here: %(address)s")
    words = "\n".join(each % {"address": address} for each in (english, chinese))
    _aside(team, said, words, now=now)


def _aside(team: SlackTeam, said: Press | Filled, words: str, *, now: datetime) -> None:
    extra = {"channel": said.channel, "user": said.user, "words": words}
    _owe(team, ASIDE, extra, now=now)


def _owe(team: SlackTeam, kind: str, extra: dict[str, Any], *, now: datetime) -> None:
    Letter.objects.create(
        workspace_id=team.workspace_id,
        way=Way.SLACK,
        kind=kind,
        # Somebody waits in front of a screen.
        urgent=True,
        owed_at=now,
        due_at=now,
        extra=extra,
    )


def _pressed(team: SlackTeam, press: Press, member: Member, *, now: datetime) -> Answer:
    deed = deeds.find(press.deed)
    if deed is not None and deed.asks is not None:
        shown, bar = show_deed(deed, press.target, to=member)
        if bar is None:
            _owe_sheet(team, press, member, shown, now=now)
            return {}
        outcome = bar
        settle_messages(_event_of(team, press), outcome, now=now)
    else:
        event = _event_of(team, press)
        outcome = answer_message(event, press.deed, press.target, by=member, now=now)
    if not outcome.done:
        _aside(team, press, str(outcome.words), now=now)
    return {}


def _owe_sheet(
    team: SlackTeam, press: Press, member: Member, shown: deeds.Shown, *, now: datetime
) -> None:
    carries = {"d": press.deed, "t": press.target, "l": press.letter, "c": press.channel}
    if shown.seen:
        carries["s"] = shown.seen
    extra = {
        "trigger": press.trigger,
        "deed": press.deed,
        "carries": json.dumps(carries),
        "language": member.user.language,
        "channel": press.channel,
        "user": press.user,
        "about": shown.about,
        "points": [list(point) for point in shown.points],
    }
    _owe(team, SHEET, extra, now=now)


def _sent_off(team: SlackTeam, filled: Filled, member: Member, *, now: datetime) -> Answer:
    event = _event_of(team, filled)
    outcome = answer_message(
        event, filled.deed, filled.target, by=member, given=filled.given, now=now
    )
    if outcome.done:
        return {}
    return {"response_action": "errors", "errors": {"comment": str(outcome.words)}}


def _event_of(team: SlackTeam, said: Press | Filled) -> int:
    """Return the number of the event whose message was answered; 0 when it is not known."""
    letter = Letter.objects.filter(workspace_id=team.workspace_id, pk=said.letter).first()
    return letter.event or 0 if letter is not None else 0
