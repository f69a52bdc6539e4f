"""What people type about roles, delegations and the table of decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.people.actions.delegations import lendable_of
from yanzhen.people.actions.roles import RoleWish
from yanzhen.people.actions.settling import Back, Change
from yanzhen.people.forms import MemberChoice, RoleChoice, SeenForm
from yanzhen.people.models import Member, Role
from yanzhen.people.ports import Place
from yanzhen.people.rights import DUTIES, Decision, Voice
from yanzhen.people.roles import SEEDS

VOICES = (
    ("", "—"),
    (Voice.PROPOSES.value, pgettext_lazy("voice", "proposes")),
    (Voice.ASKED.value, pgettext_lazy("voice", "is asked")),
    (Voice.TOLD.value, pgettext_lazy("voice", "is told")),
)
ALL, SOME = "all", "some"


def _words(label: Any, length: int, *, lang: str = "", rows: int = 0) -> forms.CharField:
    attrs: dict[str, Any] = {"lang": lang} if lang else {}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=length, required=False, widget=widget)


def _voice_name(decision: Decision) -> str:
    return f"voice_{decision.value.replace('.', '_')}"


@dataclass(frozen=True)
class RightLine:
    """One decision in the form of a role: whether it is ticked, and what else the role may be."""

    decision: Decision
    sentence: str
    ticked: bool
    voice: BoundField
    by_account: bool


class RoleForm(SeenForm):
    """A role's words, decisions, say and accounts; the last only for a role of the team's own."""

    title = _words(gettext_lazy("Title"), 60)
    title_zh = _words(gettext_lazy("Title in Chinese"), 60, lang="zh-Hans")
    mission = _words(gettext_lazy("Mission"), 300, rows=2)
    mission_zh = _words(gettext_lazy("Mission in Chinese"), 300, lang="zh-Hans", rows=2)
    decisions = forms.MultipleChoiceField(
        label=gettext_lazy("Decisions"),
        required=False,
        choices=lambda: [(d.value, duty.sentence) for d, duty in DUTIES.items()],
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where it holds"),
        choices=(
            (ALL, gettext_lazy("For all accounts")),
            (SOME, gettext_lazy("Only for these accounts")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )
    accounts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Accounts"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    counts_as = RoleChoice(
        label=gettext_lazy("Counts in review as"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=gettext_lazy("None of the standard roles"),
        help_text=gettext_lazy(
            "In steps of review that ask for that role, whoever has this one may decide, for its "
            "accounts."
        ),
    )

    def __init__(
        self,
        *args: Any,
        member: Member,
        places: Sequence[Place],
        role: Role | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["seen"].required = role is not None
        self.custom = role is None or not role.standard
        if self.custom:
            self.fields["accounts"].choices = [(p.number, p.name) for p in places]  # type: ignore[attr-defined]  # a choice field has them
            standard = Role.objects.visible_to(member).filter(slug__in=SEEDS).in_order()
            self.fields["counts_as"].queryset = standard  # type: ignore[attr-defined]  # a model choice field has one
        else:
            for name in ("where", "accounts", "counts_as"):
                del self.fields[name]
        for decision in DUTIES:
            self.fields[_voice_name(decision)] = forms.ChoiceField(
                choices=VOICES, required=False, widget=forms.Select(attrs={"class": "input"})
            )

    def lines(self) -> Iterator[RightLine]:
        """Yield one line for each decision, in the order of the table."""
        ticked = set(self["decisions"].value() or ())
        for decision, duty in DUTIES.items():
            yield RightLine(
                decision,
                str(duty.sentence),
                decision.value in ticked,
                self[_voice_name(decision)],
                duty.by_account,
            )

    def clean_decisions(self) -> list[Decision]:
        """Return the ticked decisions."""
        return [Decision(slug) for slug in self.cleaned_data["decisions"]]

    def clean(self) -> dict[str, Any]:
        """Ask for a title of the team's own, and for accounts where some only are meant."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.custom and not cleaned.get("title") and not cleaned.get("title_zh"):
            self.add_error("title", _("Give the role a title, in one of the two languages."))
        if cleaned.get("where") != SOME or "accounts" in self.errors:
            return cleaned
        if not cleaned.get("accounts"):
            self.add_error("accounts", _("Choose at least one account, or all of them."))
        whole = [d for d in cleaned.get("decisions", ()) if not DUTIES[d].by_account]
        if whole:
            said = " ".join(str(DUTIES[d].sentence) for d in whole)
            self.add_error(
                "decisions",
                _("A role for some accounts cannot hold what is about the whole team: %(duties)s")
                % {"duties": said},
            )
        return cleaned

    def wish(self, *, copied: str = "") -> RoleWish:
        """Return the cleaned values as the actions take them."""
        said = self.cleaned_data
        voices = {d: Voice(said[_voice_name(d)]) for d in DUTIES if said.get(_voice_name(d))}
        return RoleWish(
            title=said["title"],
            title_zh=said["title_zh"],
            mission=said["mission"],
            mission_zh=said["mission_zh"],
            decisions=said["decisions"],
            voices=None if self._as_standard(voices) else voices,
            accounts=said["accounts"] if said.get("where") == SOME else None,
            counts_as=said.get("counts_as"),
            copied=copied,
        )

    def _as_standard(self, voices: Mapping[Decision, Voice]) -> bool:
        """Tell whether the say is what the role's stored value shows, which may follow its seed."""
        if self.role is None:
            return False
        return {d.value: v.value for d, v in voices.items()} == self.role.shown_voices


def role_initial(role: Role, *, copy: bool = False) -> dict[str, Any]:
    """Return what the form of a role shows first; for a ``copy`` its words are to be written."""
    given: dict[str, Any] = {
        "decisions": role.granted,
        "where": ALL if role.accounts is None else SOME,
        "accounts": role.accounts or [],
        "counts_as": role.pk if copy and role.standard else role.counts_as_id,
    }
    given |= {_voice_name(Decision(d)): v for d, v in role.shown_voices.items() if d in _KNOWN}
    if not copy:
        given |= {
            "title": role.title,
            "title_zh": role.title_zh,
            "mission": role.mission,
            "mission_zh": role.mission_zh,
            "seen": role.revision,
        }
    return given


_KNOWN = frozenset(d.value for d in DUTIES)


class DelegationForm(forms.Form):
    """Who decides what for whom, and until when in the reader's own zone."""

    giver = MemberChoice(
        label=pgettext_lazy("delegation", "For"), queryset=Member.objects.none(), empty_label=None
    )
    receiver = MemberChoice(
        label=pgettext_lazy("delegation", "Who decides"),
        queryset=Member.objects.none(),
        empty_label=gettext_lazy("Choose a member"),
    )
    starts_at = forms.DateTimeField(
        label=pgettext_lazy("delegation", "From"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("In your time. Empty: at once."),
    )
    ends_at = forms.DateTimeField(
        label=pgettext_lazy("delegation", "Until"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("In your time, at most 31 days. It ends by itself then."),
    )
    decisions = forms.MultipleChoiceField(
        label=gettext_lazy("Decisions"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, member: Member, for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = Member.objects.visible_to(member).active().select_related("user")
        team = team.order_by("user__name", "pk")
        giver, receiver = self.fields["giver"], self.fields["receiver"]
        receiver.queryset = team  # type: ignore[attr-defined]  # a model choice field has one
        if for_all:
            giver.queryset = team  # type: ignore[attr-defined]  # as above
            shown = [d for d, duty in DUTIES.items() if duty.lendable]
        else:
            del self.fields["giver"]
            receiver.queryset = team.exclude(pk=member.pk)  # type: ignore[attr-defined]  # as above
            shown = lendable_of(member)
        self.fields["decisions"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            (d.value, DUTIES[d].sentence) for d in shown
        ]

    def clean_decisions(self) -> list[Decision]:
        """Return the ticked decisions."""
        return [Decision(slug) for slug in self.cleaned_data["decisions"]]


class SettleForm(forms.Form):
    """Which role shall decide, ``alone`` or besides others.

    ``seen`` is what the table showed, as ``number:revision`` words.
    """

    role = RoleChoice(label=gettext_lazy("Role"), queryset=Role.objects.none(), empty_label=None)
    seen = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    alone = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Role.objects.visible_to(member).filter(accounts__isnull=True).in_order()
        self.fields["role"].queryset = found  # type: ignore[attr-defined]  # a model choice field has one

    def clean_seen(self) -> dict[int, int]:
        """Return revisions by the number of the role."""
        try:
            pairs = [each.split(":") for each in self.cleaned_data["seen"].split()]
            return {int(number): int(revision) for number, revision in pairs}
        except ValueError:
            raise ValidationError(_("The page was incomplete. Look and try again.")) from None


class BackForm(forms.Form):
    """What roles had before, as ``number:letter:revision`` words; a letter may be empty."""

    back = forms.RegexField(regex=r"^(\d{1,9}:[DPCI]?:\d{1,9} ?)+$", max_length=2000)

    def clean_back(self) -> list[Back]:
        """Return it role by role."""
        parts = [each.split(":") for each in self.cleaned_data["back"].split()]
        return [Back(int(role), letter, int(seen)) for role, letter, seen in parts]


def back_words(changes: Sequence[Change]) -> str:
    """Return what BackForm takes as ``back``, for changes that were just made."""
    return " ".join(f"{c.role.pk}:{c.before}:{c.role.revision}" for c in changes)


def seen_words(roles: Sequence[Role]) -> str:
    """Return what SettleForm takes as ``seen``."""
    return " ".join(f"{role.pk}:{role.revision}" for role in roles)
