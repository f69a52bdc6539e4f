"""What the pages about a freeze are asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.publishing.engine.waiting import DROP, HOLD, Waiting
from yanzhen.publishing.forms import LONGEST_REASON
from yanzhen.publishing.freezes import Filled, veiled_of, zone_of
from yanzhen.publishing.queries import closables

TIME = "time"


def _words(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, strip=True, required=required
    )


class FreezeForm(forms.Form):
    """What to freeze, and why; in a hurry the why may come later."""

    scope = forms.ChoiceField(label=gettext_lazy("What to freeze"))
    reason = _words(required=False)

    def __init__(self, *args: object, member: Member) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # data and files, as every form
        offered = [(one.key, one.name) for one in closables(member)]
        self.fields["scope"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField


class WishForm(forms.Form):
    """Why the freeze is over."""

    reason = _words(required=True)


class AnswerForm(forms.Form):
    """Which list was seen."""

    seen = forms.CharField(max_length=20)


class PlanForm:
    """What is to become of each post that came due, read from ``fate-7`` and ``at-7``.

    ``plan`` maps delivery numbers to Thaw.plan's values, whole only while ``errors`` is empty.
    """

    def __init__(
        self, data: Mapping[str, str], listed: Sequence[Waiting], *, member: Member, now: datetime
    ) -> None:
        self.plan: dict[int, str] = {}
        self.errors: dict[int, str] = {}
        self._fates: dict[int, str] = {}
        self._times: dict[int, str] = {}
        self._now = now
        self._may = {
            HOLD: True,
            DROP: member.may_somewhere(Decision.POST_DROP),
            TIME: member.may_somewhere(Decision.POST_SCHEDULE),
        }
        self._veiled = veiled_of(listed, member)
        for one in listed:
            if one.came_due:
                self._read(one, data)

    @property
    def filled(self) -> Filled:
        """What was typed, to be shown again."""
        return Filled(self._fates, self._times, self.errors)

    def _read(self, one: Waiting, data: Mapping[str, str]) -> None:
        pk = one.delivery.pk
        fate = data.get(f"fate-{pk}", "")
        self._fates[pk] = fate or HOLD
        self._times[pk] = data.get(f"at-{pk}", "").strip()[:16]
        if not fate:
            self.errors[pk] = _("It came due meanwhile. Choose what becomes of it.")
        elif one.unsettled and fate != HOLD:
            self.errors[pk] = _(
                "Another part of it may be on X. Until that is settled, leave it missed."
            )
        elif pk in self._veiled and fate != HOLD:
            self.errors[pk] = _(
                "It is under embargo: only those on its list may decide. Leave it missed."
            )
        elif not self._may.get(fate, False):
            self.errors[pk] = _("Your roles do not carry this decision. Choose another.")
        elif fate == TIME:
            self._read_time(one)
        else:
            self.plan[pk] = fate

    def _read_time(self, one: Waiting) -> None:
        pk = one.delivery.pk
        try:
            wall = datetime.fromisoformat(self._times[pk]).replace(tzinfo=None, second=0)
            at = resolve(wall, zone_of(one.delivery)).at.astimezone(UTC)
        except (GapTime, FoldTime):
            self.errors[pk] = _("The clocks change in that hour. Choose a time outside of it.")
        except (ValueError, OverflowError):
            self.errors[pk] = _("Give it a new date and time.")
        else:
            if at <= self._now:
                self.errors[pk] = _("That time has passed. Choose a later one.")
            else:
                self.plan[pk] = at.isoformat()
