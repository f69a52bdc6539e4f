"""Accepting and refusing the lead from the message that asks for it.

The same actions as on the page: every point ticked, read back in a line, of the log as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from yanzhen.activity.feed import Told
from yanzhen.activity.feed import events as log
from yanzhen.handoff.actions.checks import LogChanged, Unread, require_taker
from yanzhen.handoff.actions.deciding import accept_handover, refuse_handover
from yanzhen.handoff.events import ACCEPTED, OVERTAKEN, REFUSED, SENT, UNACCEPTED, WITHDRAWN
from yanzhen.handoff.models import READ_BACK_LENGTH, Handover, Item
from yanzhen.handoff.queries import Part, parts_of
from yanzhen.handoff.states import HandoverState, SectionKind
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.notify import deeds
from yanzhen.notify.wiring import decides
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed


def _waiting(event: Told) -> str:
    """Return the handover while it waits."""
    rows = Handover.objects.filter(state=HandoverState.WAITING)
    found = rows.filter(pk=parse_id(event.subject_id) or 0).first()
    return str(found.pk) if found is not None else ""


def _find(by: Member, target: str, move: str) -> Handover:
    """Return it for who may decide. Raises DoesNotExist, MoveRefused, NotAllowed, DeedRefused."""
    found = Handover.objects.visible_to(by).with_names().get(pk=parse_id(target) or 0)
    try:
        require_taker(found, by, move)
    except NotAllowed as refused:
        if by.pk == found.outgoing_id:
            said = _("You hand over yourself, so somebody else accepts.")
            raise deeds.DeedRefused(said) from None
        if refused.reason != "no_right":
            raise
        said = _("This waits for %(name)s, who can accept it.") % {"name": found.receiver.name}
        raise deeds.DeedRefused(said) from None
    return found


def _about(handover: Handover) -> str:
    to = handover.receiver.name
    head = _("Handoff to %(name)s") % {"name": to}
    lines = [f"{head} · {handover.get_light_display()}", handover.note]
    where = address_of("handoff", pk=handover.pk)
    lines.append(_("The whole log, with posts and videos: %(address)s") % {"address": where})
    return "\n".join(filter(None, lines))


def _words(part: Part, item: Item, zone: Member) -> Iterator[str]:
    """Yield the pieces of one point, as the page shows them; hours are the receiver's."""
    if part.section.kind == SectionKind.IF_THEN:
        both = {"what": item.text, "then": item.then}
        yield pgettext("handoff", "If %(what)s, then %(then)s") % both
    else:
        yield item.text
    if item.owner is not None:
        said = pgettext("owner of a point", "%(name)s (has left)") if item.orphaned else "%(name)s"
        yield said % {"name": item.owner.name}
    if item.due_at is not None:
        local = item.due_at.astimezone(zone.user.tz)
        yield formats.date_format(local, pgettext("date format", "j M, H:i"))
    if item.carried:
        handed = ngettext("Handed on once", "Handed on %(times)s times", item.carried) % {
            "times": item.carried
        }
        yield handed


def _shown(by: Member, target: str) -> deeds.Shown:
    handover = _find(by, target, "accept")
    points = [
        (
            str(item.pk),
            _("%(part)s: %(words)s")
            % {
                "part": part.section.shown_title,
                "words": " · ".join(_words(part, item, handover.receiver)),
            },
        )
        for part in parts_of(handover)
        for item in part.items
    ]
    return deeds.Shown(_about(handover), points, str(handover.revision))


def _accept(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    handover = _find(by, target, "accept")
    ticked = {number for raw in given.ticks if (number := parse_id(raw))}
    seen = int(given.seen) if given.seen.isascii() and given.seen.isdigit() else -1
    try:
        accept_handover(handover, ticked=ticked, read_back=given.comment, seen=seen, by=by, now=now)
    except LogChanged:
        said = _("The log changed meanwhile. Open this again and read what is new.")
        raise deeds.DeedRefused(said) from None
    except Unread as unread:
        raise deeds.DeedRefused(_unread(len(unread.items))) from None
    except TextRefused as refused:
        raise deeds.DeedRefused(str(refused)) from None
    return deeds.say(_ACCEPTED, name=by.name, line=given.comment.strip())


def _unread(count: int) -> str:
    if not count:
        return _("Read it back in a line.")
    said = ngettext("%(count)d point is not ticked.", "%(count)d points are not ticked.", count)
    return said % {"count": count}


def _shown_to_refuse(by: Member, target: str) -> deeds.Shown:
    return deeds.Shown(_about(_find(by, target, "refuse")))


def _refuse(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    handover = _find(by, target, "refuse")
    if not given.comment.strip():
        raise deeds.DeedRefused(_("Say what is missing."))
    try:
        refuse_handover(handover, reason=given.comment, by=by, now=now)
    except TextRefused as refused:
        raise deeds.DeedRefused(str(refused)) from None
    return deeds.say(_REFUSED, name=by.name, reason=given.comment.strip())


_ACCEPTED = gettext_lazy("%(name)s accepted and has the lead: %(line)s")
_REFUSED = gettext_lazy("%(name)s refused: %(reason)s The lead stays where it is.")
_WITHDRAWN = gettext_lazy("%(name)s took it back. The lead stays where it is.")
_OVERTAKEN = gettext_lazy("The lead went another way.")


def _became(event: Told, target: str) -> deeds.Words:
    """Say what has become of the handover and by whom, "" while it waits."""
    found = Handover.objects.with_names().filter(pk=parse_id(event.subject_id) or 0).first()
    if found is None or found.state == HandoverState.WAITING:
        return ""
    by = found.decided_by.name if found.decided_by is not None else ""
    if found.state == HandoverState.ACCEPTED:
        return deeds.say(_ACCEPTED, name=by, line=found.read_back)
    if found.state == HandoverState.REFUSED:
        return deeds.say(_REFUSED, name=by, reason=found.reason)
    ended = log().objects.filter(
        kind=WITHDRAWN.slug, subject_type=event.subject_type, subject_id=event.subject_id
    )
    last = ended.order_by("-pk").first()
    return deeds.say(_WITHDRAWN, name=last.actor_label) if last is not None else _OVERTAKEN


def _matter(event: Told) -> str:
    """Return how messages name a handover that waits."""
    return f"handoff.handover:{event.subject_id}"


def _light(event: Told) -> deeds.Detail | None:
    """Say how the shift is; what stands on the log is shown to whoever accepts alone."""
    found = Handover.objects.filter(pk=parse_id(event.subject_id) or 0).first()
    return deeds.Detail(str(found.get_light_display())) if found is not None else None


ACCEPT = deeds.Deed(
    "handoff.accept",
    label=pgettext_lazy("handoff deed", "Accept the lead"),
    target=_waiting,
    run=_accept,
    style="primary",
    asks=deeds.Asked(
        comment_label=gettext_lazy("Read it back in a line"),
        shown=_shown,
        points_label=gettext_lazy("Tick each point you have read"),
        most=READ_BACK_LENGTH,
    ),
    became=_became,
)
REFUSE = deeds.Deed(
    "handoff.refuse",
    label=pgettext_lazy("handoff deed", "Refuse it"),
    target=_waiting,
    run=_refuse,
    asks=deeds.Asked(
        comment_label=gettext_lazy("What is missing"),
        shown=_shown_to_refuse,
        most=READ_BACK_LENGTH,
    ),
    became=_became,
)

deeds.offer([SENT, UNACCEPTED], ACCEPT, REFUSE, matter=_matter)
deeds.detail([SENT, UNACCEPTED], _light)
decides(ACCEPTED, REFUSED, WITHDRAWN, OVERTAKEN, matters=lambda event: [_matter(event)])
