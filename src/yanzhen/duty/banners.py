"""What the rota says above every page: nobody is on duty for some hours ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.duty.models import Warned
from yanzhen.duty.queries import gaps_ahead
from yanzhen.duty.queries_board import rota_of
from yanzhen.duty.rules.ahead import WARN_DAYS
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.words import span_words
from yanzhen.kernel.wall_time import zone_named
from yanzhen.notify.banners import Banner, Condition, Tone, register
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision

#: From here on it is everybody's matter, because anybody can take the hours.
_SOON = timedelta(days=2)


def _warned(now: datetime) -> Exists:
    """Some gap was told of; whether it is still there, ``_tell`` looks."""
    return Exists(Warned.objects.filter(rota__workspace=OuterRef("pk")))


def _tell(member: Member, now: datetime) -> Iterator[Banner]:
    rota = rota_of(member)
    if rota is None:
        return
    reach = timedelta(days=max(WARN_DAYS)) if member.may(Decision.DUTY_KEEP) else _SOON
    gaps = [gap for gap in gaps_ahead(rota, now=now) if gap.start <= now + reach]
    if not gaps:
        return
    first = gaps[0]
    start = max(first.start, now)
    hours = span_words(Span(start, first.end), member.zone)
    text = _("Nobody is on duty: %(hours)s.") % {"hours": hours}
    if len(gaps) > 1:
        more = ngettext(
            "There is %(count)d more uncovered stretch after it.",
            "There are %(count)d more uncovered stretches after it.",
            len(gaps) - 1,
        )
        text = f"{text} {more % {'count': len(gaps) - 1}}"
    day = start.astimezone(zone_named(member.zone))
    url = f"{reverse('duty')}?day={day:%Y-%m-%d}"
    yield Banner(Tone.OCHRE, "icon-clock", text, url, _("Find somebody"))


register(Condition("duty_gap", _warned, _tell))
