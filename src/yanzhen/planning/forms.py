"""What people send to the posts and composer pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.kernel.wall_time import zones
from yanzhen.people.models import Member
from yanzhen.people.zones import known as every_zone
from yanzhen.planning.models import TITLE_LENGTH, Campaign, Post
from yanzhen.planning.queries import STAGES, Narrowing, authors_of, campaigns_of

_YEARS = range(2000, 2101)


class TimeForm(forms.Form):
    """A wall time and its zone. ``at`` ("2026-03-29T01:30", a neighbour) wins over the two."""

    date = forms.DateField(
        label=pgettext_lazy("time form", "Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=pgettext_lazy("time form", "Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=pgettext_lazy("time form", "Time zone"))
    # No DateTimeField: it would read the time in the reader's zone, where it may not exist.
    at = forms.CharField(required=False, widget=forms.HiddenInput)
    fold = forms.TypedChoiceField(
        choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        post: Post,
        wall: datetime | None = None,
    ) -> None:
        """Begin with the post's time, or with ``wall`` (naive) on its account's clocks."""
        start: dict[str, Any] = {"zone": post.due_zone or post.account.zone}
        if wall is not None:
            start = {"zone": post.account.zone, "date": wall.date(), "time": wall.time()}
        elif post.due_wall:
            start["date"], start["time"] = post.due_wall.split("T")
        super().__init__(data, initial=start)
        if data and data.get("at"):
            self.fields["date"].required = self.fields["time"].required = False
        self.at_hand = [start["zone"], post.account.zone, member.zone, member.workspace.zone]
        self.offer_zones(asked=str((data or {}).get("zone", "")))

    def offer_zones(self, *, asked: str) -> None:
        """Offer the zones at hand, then the others; ``asked`` is what the form came with."""
        self._zones().choices = _zone_choices(self.at_hand, asked=asked)

    def _zones(self) -> forms.ChoiceField:
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        return field

    def clean_at(self) -> datetime | None:
        """Return the neighbour, naive."""
        if not self.cleaned_data["at"]:
            return None
        try:
            at = datetime.fromisoformat(self.cleaned_data["at"])
        except ValueError:
            at = None
        if at is None or at.tzinfo is not None:
            raise forms.ValidationError(_("Choose a date and a time."))
        return at

    def clean(self) -> dict[str, Any]:
        """Put date and time together as ``wall`` (naive)."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        wall = cleaned.get("at") or datetime.combine(cleaned["date"], cleaned["time"])
        if wall.year not in _YEARS:
            self.add_error("date", _("Choose a year from 2000 to 2100."))
        cleaned["wall"] = wall.replace(second=0, microsecond=0)
        return cleaned


def _zone_choices(at_hand: Sequence[str], *, asked: str) -> list[tuple[str, str]]:
    """Offer the zones at hand first; one that was asked for stays choosable when it exists."""
    offered = [*dict.fromkeys(at_hand), *zones()]
    if asked in every_zone():
        offered.append(asked)
    return [(zone, _zone_words(zone)) for zone in dict.fromkeys(offered)]


def _zone_words(zone: str) -> str:
    return zone.replace("_", " ")


class NewPostForm(forms.Form):
    """A post's beginning: where it goes, and as much else as is known."""

    account = forms.ModelChoiceField(
        Account.objects.none(), label=pgettext_lazy("post form", "Account"), empty_label=None
    )
    title = forms.CharField(label=_("Working title"), required=False, max_length=TITLE_LENGTH)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("post form", "Campaign"),
        required=False,
        empty_label=_("No campaign"),
    )
    text = forms.CharField(
        label=_("First words"),
        required=False,
        strip=False,
        max_length=25_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    date = forms.DateField(
        label=pgettext_lazy("time form", "Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=pgettext_lazy("time form", "Time"),
        required=False,
        help_text=_("In the account’s time zone."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    fold = forms.TypedChoiceField(
        choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "account", Account.objects.visible_to(member).in_order())
        _offer(self, "campaign", campaigns_of(member))

    def clean_title(self) -> str:
        """Refuse what no text may hold."""
        return _readable(self.cleaned_data["title"])

    def clean_text(self) -> str:
        """Refuse what no text may hold, and otherwise leave it as it is."""
        return _readable(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """Put date and time together as ``wall`` (naive), None when neither is given."""
        cleaned = super().clean() or {}
        day: date | None = cleaned.get("date")
        hour = cleaned.get("time")
        cleaned["wall"] = datetime.combine(day, hour) if day and hour else None
        if hour and not day and "date" not in self.errors:
            self.add_error("date", _("Choose a date, or clear the time."))
        if day and day.year not in _YEARS:
            self.add_error("date", _("Choose a year from 2000 to 2100."))
        return cleaned


class DetailsForm(forms.Form):
    """Title, account and campaign; what is not sent stays as it is."""

    title = forms.CharField(label=_("Working title"), required=False, max_length=TITLE_LENGTH)
    account = forms.ModelChoiceField(
        Account.objects.none(), label=pgettext_lazy("post form", "Account"), empty_label=None
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("post form", "Campaign"),
        required=False,
        empty_label=_("No campaign"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, member: Member, post: Post
    ) -> None:
        now = {"title": post.title, "account": post.account_id, "campaign": post.campaign_id}
        sent = None if data is None else {**now, **{k: data[k] for k in now if k in data}}
        super().__init__(sent, initial=now)
        _offer(self, "account", Account.objects.visible_to(member).in_order())
        campaigns = Campaign.objects.filter(workspace_id=member.workspace_id)
        chosen = campaigns.filter(posts=post)
        offered = (campaigns.filter(active=True) | chosen).distinct()
        _offer(self, "campaign", offered.order_by("name", "pk"))

    def clean_title(self) -> str:
        """Refuse what no text may hold."""
        return _readable(self.cleaned_data["title"])


class NoteForm(forms.Form):
    """What is new in a version, in a few words."""

    note = forms.CharField(label=_("What is new"), required=False, max_length=200)

    def clean_note(self) -> str:
        """Refuse what no text may hold."""
        return _readable(self.cleaned_data["note"])


class NarrowForm(forms.Form):
    """What the list of posts is narrowed to.

    It offers what runs, and reads what has ended too: kept views outlive campaigns and accounts.
    """

    q = forms.CharField(label=_("Words in the text"), required=False, max_length=200)
    stage = forms.ChoiceField(label=pgettext_lazy("post form", "Stage"), required=False)
    account = forms.ModelChoiceField(
        Account.objects.none(),
        label=pgettext_lazy("post form", "Account"),
        required=False,
        empty_label=_("Every account"),
    )
    author = forms.ModelChoiceField(
        Member.objects.none(),
        label=pgettext_lazy("post form", "Author"),
        required=False,
        empty_label=_("Everyone"),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("post form", "Campaign"),
        required=False,
        empty_label=_("Every campaign"),
    )
    when = forms.ChoiceField(
        label=pgettext_lazy("time form", "Time"),
        required=False,
        choices=[
            ("", _("Any time or none")),
            ("none", _("Without a time")),
            ("timed", _("With a time")),
        ],
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, member: Member) -> None:
        super().__init__(data)
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        stage.choices = [("", _("Every stage")), *((each.value, each.label) for each in STAGES)]
        asked = parse_id((data or {}).get("account"))
        accounts = Account.objects.filter(workspace_id=member.workspace_id)
        accounts = accounts.filter(Q(turned_away=False) | Q(pk=asked))
        _offer(self, "account", accounts.in_order())
        _offer(self, "author", authors_of(member))
        campaigns = Campaign.objects.filter(workspace_id=member.workspace_id)
        asked = parse_id((data or {}).get("campaign"))
        campaigns = campaigns.filter(Q(active=True) | Q(pk=asked))
        _offer(self, "campaign", campaigns.order_by("name", "pk"))
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["q"].widget.attrs.update(type="search", placeholder=_("Words in the text"))

    def narrowing(self) -> Narrowing:
        """Return what the valid form asks for."""
        asked = self.cleaned_data
        return Narrowing(
            account=asked["account"],
            stage=asked["stage"],
            author=asked["author"],
            campaign=asked["campaign"],
            text=asked["q"],
            timed={"none": False, "timed": True}.get(asked["when"]),
        )

    def query(self) -> str:
        """Return the valid form as a query without empty parts, the same for the same filters."""
        asked = {name: self.cleaned_data[name] for name in self.fields}
        values = {name: getattr(value, "pk", value) for name, value in asked.items() if value}
        return urlencode(values)


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
    field.queryset = rows


def _readable(text: str) -> str:
    try:
        return clean_text(text)
    except TextRefused as refused:
        raise forms.ValidationError(str(refused)) from None
