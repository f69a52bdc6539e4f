"""What publishing says above every page: a freeze, late posts, no worker, no money at X."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext

from yanzhen.channels.models import Account
from yanzhen.jobs.models import Lease
from yanzhen.notify.banners import Banner, Condition, Tone, register
from yanzhen.people.models import Member
from yanzhen.publishing.engine import money
from yanzhen.publishing.engine.watch import (
    MOST_SHOWN,
    SENDER,
    SILENT_AFTER,
    Late,
    Why,
    is_silent,
    last_answer,
    late_in,
    overdue,
)
from yanzhen.publishing.models import Gate, GateScope, Pause
from yanzhen.publishing.words_gates import reason_of

WORK = "yanzhen work"


class Numbered(Protocol):
    """A lazy sentence that chooses its plural by the number it is filled with."""

    def __mod__(self, said: Any, /) -> Any:
        """Return the sentence in the reader's language, filled in."""
        ...


_ALARMING = frozenset({Why.NO_WORKER, Why.UNREACHABLE, Why.SENDING, Why.PREPARING, Why.UNCLEAR})
_LATE: Mapping[Why, Numbered] = {
    Why.NO_WORKER: ngettext_lazy(
        "%(number)s post is late: no worker has answered since %(time)s.",
        "%(number)s posts are late: no worker has answered since %(time)s.",
        "count",
    ),
    Why.UNREACHABLE: ngettext_lazy(
        "%(number)s post is late: X does not answer. It is tried again until %(minutes)d min after"
        " its time.",
        "%(number)s posts are late: X does not answer. They are tried again until %(minutes)d min"
        " after their time.",
        "count",
    ),
    Why.SENDING: ngettext_lazy(
        "%(number)s post is stuck in sending. It is never sent twice: X will be asked.",
        "%(number)s posts are stuck in sending. None is ever sent twice: X will be asked.",
        "count",
    ),
    Why.PREPARING: ngettext_lazy(
        "%(number)s post is stuck while it is prepared. Nothing was sent.",
        "%(number)s posts are stuck while they are prepared. Nothing was sent.",
        "count",
    ),
    Why.UNCLEAR: ngettext_lazy(
        "%(number)s post is late, and nothing keeps it back. Look into the worker’s log.",
        "%(number)s posts are late, and nothing keeps them back. Look into the worker’s log.",
        "count",
    ),
    Why.AT_WORK: ngettext_lazy(
        "%(number)s post is late and is being sent now.",
        "%(number)s posts are late and are being sent now.",
        "count",
    ),
    Why.BEHIND: ngettext_lazy(
        "%(number)s post is late: an earlier post of its account is not settled yet.",
        "%(number)s posts are late: earlier posts of their accounts are not settled yet.",
        "count",
    ),
    Why.CHECKING: ngettext_lazy(
        "%(number)s post is late: X is being asked whether it is there.",
        "%(number)s posts are late: X is being asked whether they are there.",
        "count",
    ),
    Why.LOOK: ngettext_lazy(
        "%(number)s post is due and waits for the lead’s last look.",
        "%(number)s posts are due and wait for the lead’s last look.",
        "count",
    ),
    Why.LIMIT: ngettext_lazy(
        "%(number)s post waits for X’s own limit, until %(time)s.",
        "%(number)s posts wait for X’s own limit, until %(time)s.",
        "count",
    ),
}


_NEVER: Numbered = ngettext_lazy(
    "%(number)s post is late: no worker has run here yet.",
    "%(number)s posts are late: no worker has run here yet.",
    "count",
)


def _moment(at: datetime | None, zone: ZoneInfo, *, now: datetime) -> str:
    """Name an hour of today, or day and hour; nothing for never."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return local.strftime("%H:%M")
    return formats.date_format(local, pgettext("date format", "j M H:i"))


# --- late posts, and nobody to send them ---------------------------------------------------------


def _engine_signal(now: datetime) -> Exists | Q:
    fresh = Lease.objects.filter(name=SENDER, ok_at__gte=now - SILENT_AFTER)
    return Exists(overdue(now=now).filter(workspace_id=OuterRef("pk"))) | ~Exists(fresh)


def _engine(member: Member, now: datetime) -> Iterable[Banner]:
    found = late_in(member.workspace_id, now=now)
    groups = {why: [one for one in found if one.why == why] for why in _LATE}
    answered_at = last_answer()
    if not groups[Why.NO_WORKER] and is_silent(answered_at, now=now):
        yield _no_worker(answered_at, member, now=now)
    # What waits behind a freeze is said with the freeze.
    for why, group in groups.items():
        if group:
            yield _late(why, group, answered_at, member, now=now)


def _no_worker(answered_at: datetime | None, member: Member, *, now: datetime) -> Banner:
    """Nothing is late yet; it will be."""
    text = _("No worker has run here yet: nothing goes out and nothing is checked.")
    if answered_at is not None:
        text = _(
            "No worker has answered since %(time)s: nothing goes out and nothing is checked."
        ) % {"time": _moment(answered_at, member.user.tz, now=now)}
    return Banner(Tone.OCHRE, "icon-alert", text, command=WORK)


def _late(
    why: Why, group: Sequence[Late], answered_at: datetime | None, member: Member, *, now: datetime
) -> Banner:
    count = len(group)
    until_at = max((one.until_at for one in group if one.until_at), default=None)
    said = {
        "count": count,
        "number": f"{count}+" if count >= MOST_SHOWN else str(count),
        "time": _moment(until_at or answered_at, member.user.tz, now=now),
        "minutes": settings.ENV.grace_minutes,
    }
    words = _NEVER if why == Why.NO_WORKER and answered_at is None else _LATE[why]
    if count == 1:
        url, action = reverse("post", args=[group[0].delivery.post_id]), _("Open the post")
    else:
        url, action = f"{reverse('posts')}?stage=scheduled", _("Show what is scheduled")
    return Banner(
        Tone.ALERT if why in _ALARMING else Tone.OCHRE,
        "icon-alert",
        str(words % said),
        url,
        action,
        WORK if why == Why.NO_WORKER else "",
    )


# --- freezes -------------------------------------------------------------------------------------


def _freeze_signal(now: datetime) -> Exists | Q:
    del now
    here = Q(workspace_id=OuterRef("pk")) | Q(scope=GateScope.INSTALLATION)
    return Exists(Gate.objects.filter(here, frozen=True))


def _freeze(member: Member, now: datetime) -> Iterator[Banner]:
    here = Q(workspace_id=member.workspace_id) | Q(scope=GateScope.INSTALLATION)
    rows = Gate.objects.filter(here, frozen=True).select_related("account", "campaign")
    gates = list(rows.order_by("pk"))
    whole = [g for g in gates if g.scope in (GateScope.INSTALLATION, GateScope.WORKSPACE)]
    if not gates:
        return
    if whole:
        # A freeze of the installation outranks the workspace's own.
        first = min(whole, key=lambda gate: gate.scope != GateScope.INSTALLATION)
        said = _("Everything is frozen, and nothing goes out: %(reason)s") % {
            "reason": reason_of(first)
        }
    elif len(gates) == 1:
        said = _("%(name)s is frozen, and nothing of it goes out: %(reason)s") % {
            "name": gates[0].account or gates[0].campaign,
            "reason": reason_of(gates[0]),
        }
    else:
        said = ngettext(
            "%(count)d freeze keeps posts back.", "%(count)d freezes keep posts back.", len(gates)
        ) % {"count": len(gates)}
    tone = Tone.ALERT if whole else Tone.PLUM
    text = f"{said} {_behind(member, now=now)}".strip()
    yield Banner(tone, "icon-freeze", text, reverse("freeze"), _("Open the freeze"))


def _behind(member: Member, *, now: datetime) -> str:
    """Say how many posts came due behind a freeze and are not held yet."""
    late = late_in(member.workspace_id, now=now)
    count = sum(one.why == Why.FROZEN for one in late)
    if not count:
        return ""
    return ngettext(
        "%(count)d post came due meanwhile and does not go out by itself.",
        "%(count)d posts came due meanwhile and do not go out by themselves.",
        count,
    ) % {"count": count}


# --- money ---------------------------------------------------------------------------------------


def _money_signal(now: datetime) -> Exists | Q:
    del now
    return Exists(Pause.objects.filter(workspace_id=OuterRef("pk"), lifted_at=None))


def _money(member: Member, now: datetime) -> Iterator[Banner]:
    paused = money.paused_accounts(member.workspace_id)
    accounts = Account.objects.visible_to(member).filter(pk__in=paused).in_order()
    names = pgettext("between names", ", ").join(map(str, accounts))
    for pause in money.open_pauses(member.workspace_id):
        said = {"accounts": names, "time": _moment(pause.until_at, member.user.tz, now=now)}
        if pause.until_at is not None:
            text = _(
                "X’s spending limit is reached: nothing of %(accounts)s goes out until %(time)s."
            )
        else:
            text = _(
                "The X app has no money left: nothing of %(accounts)s goes out, and its numbers "
                "stand still. Buy credits at X, then say so here."
            )
        yield Banner(Tone.ALERT, "icon-alert", text % said, reverse("money"), _("Open money at X"))


register(Condition("engine", _engine_signal, _engine))
register(Condition("freeze", _freeze_signal, _freeze))
register(Condition("money", _money_signal, _money))
