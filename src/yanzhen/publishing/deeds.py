"""The lead's last look from the message that asks for it: letting it go out, or holding it.

The same actions as on the page, with what is asked there: who has the lead lets go, of exactly what
the message shows; who may hold posts holds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yanzhen.activity.feed import Told
from yanzhen.kernel import clock
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.notify import deeds
from yanzhen.notify.wiring import decides
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.people.zones import city_words
from yanzhen.publishing import events
from yanzhen.publishing.actions.clearing import CannotClear, clear
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.became import HELD, LET_GO, became_of, settled
from yanzhen.publishing.engine import looks
from yanzhen.publishing.events import LOOK_WANTED
from yanzhen.publishing.forms import LONGEST_REASON
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.words_looks import why_not
from yanzhen.review.deeds import words_of
from yanzhen.review.events import FLOW_CHANGED, WAY_CHOSEN

#: Reasons for which nobody can give this look any more.
OVER = frozenset({"not_asked", "late", "sending", "not_waiting"})


def _waiting(event: Told) -> str:
    """Return the delivery while it lacks its look, with the digest of what a message shows."""
    found = looks.lacking(looks.heads()).filter(pk=event.data["delivery"]).first()
    return f"{found.pk}.{found.digest}" if found is not None else ""


def _find(by: Member, target: str) -> tuple[Delivery, str]:
    """Return the delivery, of those the member may see, and the digest that was shown.

    Raises Delivery.DoesNotExist, and DeedRefused once somebody has decided.
    """
    number, _dot, seen = target.partition(".")
    rows = Delivery.objects.visible_to(by).select_related("post")
    delivery = rows.get(pk=parse_id(number) or 0)
    _refuse_settled(delivery)
    return delivery, seen


def _refuse_settled(delivery: Delivery) -> None:
    """Say who has let it go or held it, and that it waits no more. Raises DeedRefused."""
    if said := settled(delivery):
        raise deeds.DeedRefused(said, over=True)


def _became(event: Told, target: str) -> deeds.Words:
    """Say what has become of the look that a message wants, "" while it waits."""
    number, _dot, seen = target.partition(".")
    return became_of(parse_id(number) or event.data["delivery"], seen=seen)


def _matter(event: Told) -> str:
    """Return how messages name the looks at a post."""
    return f"publishing.post:{event.subject_id}"


def _asked_no_more(event: Told) -> list[str]:
    """Return the looks that may be wanted now, for when a flow stops asking for them."""
    near = event.at + timedelta(days=1)
    rows = looks.heads().filter(workspace_id=event.workspace_id, due_at__lte=near)
    return [f"publishing.post:{post}" for post in rows.values_list("post_id", flat=True).distinct()]


def _check_clear(by: Member, target: str) -> None:
    _find(by, target)
    if not by.leads:
        raise deeds.DeedRefused(why_not(CannotClear("not_lead")))


def _clear(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    delivery, seen = _find(by, target)
    try:
        clear(delivery, seen=seen, by=by, now=clock.database_now())
    except CannotClear as refused:
        delivery.refresh_from_db()
        _refuse_settled(delivery)
        raise deeds.DeedRefused(why_not(refused), over=refused.why in OVER) from None
    return deeds.say(LET_GO, name=by.name)


def _check_hold(by: Member, target: str) -> None:
    post = _find(by, target)[0].post
    require(by, Decision.POST_HOLD, workspace_id=post.workspace_id, account_id=post.account_id)


def _hold(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    delivery, _seen = _find(by, target)
    if not given.comment.strip():
        raise deeds.DeedRefused(_("Say why it is held; the team sees the reason."))
    try:
        hold_post(delivery.post, by=by, reason=given.comment, now=now)
    except TextRefused as refused:
        raise deeds.DeedRefused(str(refused)) from None
    return deeds.say(HELD, name=by.name, reason=" ".join(given.comment.split()))


def _what(event: Told) -> deeds.Detail | None:
    """Show when it goes out, by the clocks of its account, and all that does."""
    rows = Delivery.objects.select_related("account", "version__account")
    delivery = rows.filter(pk=event.data["delivery"]).first()
    if delivery is None:
        return None
    note = _("There is more to it than this text. Open it to see all and to let it go.")
    words = words_of(delivery.version, more=note)
    zone = delivery.account.zone
    local = delivery.due_at.astimezone(ZoneInfo(zone))
    shown = formats.date_format(local, pgettext("date format", "j M, H:i"))
    when = _("Goes out %(when)s") % {"when": f"{shown} {city_words(zone)}"}
    return deeds.Detail(f"{when}\n{words.text}", whole=words.whole, note=words.note)


CLEAR = deeds.Deed(
    "publishing.clear",
    label=gettext_lazy("Let it go out"),
    target=_waiting,
    run=_clear,
    style="primary",
    check=_check_clear,
    became=_became,
)
HOLD = deeds.Deed(
    "publishing.hold",
    label=gettext_lazy("Hold it"),
    target=_waiting,
    run=_hold,
    style="danger",
    asks=deeds.Asked(comment_label=gettext_lazy("Why it must wait"), most=LONGEST_REASON),
    # Whoever sees a part may know enough to stop it.
    decides=False,
    check=_check_hold,
    became=_became,
)

deeds.offer([LOOK_WANTED], CLEAR, HOLD, matter=_matter)
deeds.detail([LOOK_WANTED], _what)
decides(
    events.CALLED_OFF,
    events.CLEARANCE_ENDED,
    events.CLEARED,
    events.GIVEN_UP,
    events.HELD,
    events.HELD_BY_HAND,
    events.MISSED,
    events.PUBLISHED,
    events.RESCHEDULED,
    events.SCHEDULED,
    events.TAKEN_BACK,
    matters=lambda event: [_matter(event)],
)
decides(FLOW_CHANGED, WAY_CHOSEN, matters=_asked_no_more)
