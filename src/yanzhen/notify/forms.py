"""What people type about being told. Forms clean; actions write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.notify import wired
from yanzhen.notify.deeds import Asked, Given, Shown
from yanzhen.notify.models import Manner, Outlet
from yanzhen.notify.news import TOPICS
from yanzhen.notify.states import Level, OutletKind, Way
from yanzhen.people.models import Member

#: Slack's ids: of people, and of channels.
SLACK_USER = re.compile(r"[UW][A-Z0-9]{6,30}")
SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,30}")
BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,200}")
SIGNING_SECRET = re.compile(r"[0-9a-f]{16,64}")
MOST_ADDRESS = 500


def _languages() -> list[tuple[str, str]]:
    names = {"en": "English", "zh-hans": "简体中文"}
    return [(code, names.get(code, str(word))) for code, word in settings.LANGUAGES]


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


class MannerForm(forms.Form):
    """Quiet hours, the digest, and for each topic and way how much."""

    quiet_from = _clock(pgettext_lazy("quiet hours", "From"))
    quiet_until = _clock(pgettext_lazy("quiet hours", "Until"))
    digest_at = _clock(
        gettext_lazy("Mail what can wait once a day, at"),
        gettext_lazy("Left empty, each mail leaves at once. Urgent news never waits for this."),
    )

    def __init__(self, *args: Any, ways: tuple[Way, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        for topic, words in TOPICS.items():
            for way in ways:
                label = f"{words}: {way.label}"
                attrs = {"class": "input", "aria-label": label}
                self.fields[f"{topic}-{way}"] = forms.ChoiceField(
                    label=label, choices=Level.choices, widget=forms.Select(attrs=attrs)
                )

    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """Return each topic's words with its fields, by the words of their way."""
        return [
            (str(words), [(str(way.label), self[f"{topic}-{way}"]) for way in self.ways])
            for topic, words in TOPICS.items()
        ]

    def levels(self) -> dict[tuple[str, Way], Level]:
        """Return what was chosen, by topic and way."""
        return {
            (topic, way): Level(self.cleaned_data[f"{topic}-{way}"])
            for topic in TOPICS
            for way in self.ways
        }

    def quiet(self) -> tuple[time, time] | None:
        """Return the quiet hours, or None."""
        start, end = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return None if start is None or end is None else (start, end)

    def clean(self) -> dict[str, Any]:
        """Want both ends of the quiet hours, and some time between them."""
        told: dict[str, Any] = self.cleaned_data
        start, end = told.get("quiet_from"), told.get("quiet_until")
        if (start is None) != (end is None) and not self.errors:
            missing = "quiet_until" if end is None else "quiet_from"
            self.add_error(missing, _("Quiet hours need both times, or neither."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("Choose another time than the start."))
        return told


def manner_values(member: Member, ways: tuple[Way, ...]) -> dict[str, Any]:
    """Return the member's choices as a form's first values."""
    manner = Manner.objects.filter(member=member).first()
    chosen = {(each.topic, each.way): each.level for each in member.preferences.all()}
    values: dict[str, Any] = {
        f"{topic}-{way}": chosen.get((topic, way), Level.URGENT) for topic in TOPICS for way in ways
    }
    if manner is not None:
        values |= {
            name: getattr(manner, name) for name in ("quiet_from", "quiet_until", "digest_at")
        }
    return values


class OutletForm(forms.Form):
    """What every outlet is told, and in which language."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=_languages)
    level = forms.ChoiceField(
        label=gettext_lazy("How much"),
        choices=[choice for choice in Level.choices if choice[0] != Level.NEVER],
        initial=Level.ALL,
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("About what"),
        choices=list(TOPICS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked means everything."),
    )

    def told(self) -> dict[str, Any]:
        """Return what the actions take."""
        asked = self.cleaned_data
        return {
            "name": asked["name"],
            "language": asked["language"],
            "level": Level(asked["level"]),
            "topics": asked["topics"],
        }


class ChangeOutletForm(OutletForm):
    """An outlet that is there, as the page showed it."""

    active = forms.BooleanField(
        label=gettext_lazy("Tells news"),
        required=False,
        help_text=gettext_lazy("Without this tick it keeps its settings and says nothing."),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)

    @classmethod
    def of(cls, outlet: Outlet, data: Mapping[str, Any] | None = None) -> ChangeOutletForm:
        """Return the form of an outlet."""
        names = ("name", "language", "level", "topics", "active")
        values = {name: getattr(outlet, name) for name in names}
        return cls(data, initial={**values, "seen": outlet.revision})


class NewOutletForm(OutletForm):
    """An outlet to add; what its address is depends on its kind."""

    address = forms.CharField(max_length=MOST_ADDRESS)
    field_order = ("name", "address")

    def __init__(self, *args: Any, kind: OutletKind, private: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.private = kind, private
        field = self.fields["address"]
        field.widget.attrs["autocomplete"] = "off"
        if kind == OutletKind.SLACK:
            field.label = _("Channel ID")
            field.help_text = _(
                "In Slack: the channel’s name, then About; it starts with C. Invite the app there."
            )
        else:
            field.label = _("Address")
            field.widget.attrs["inputmode"] = "url"
            field.help_text = _("Starts with https://")
            if kind == OutletKind.TEAMS:
                field.help_text = _(
                    "From the Teams workflow “Send webhook alerts to a channel”. Whoever knows it"
                    " can post there, so it is sealed and never shown again."
                )

    def clean_address(self) -> str:
        """Want a channel's id, or an address that may be called."""
        told: str = self.cleaned_data["address"].strip()
        if self.kind == OutletKind.SLACK:
            if not SLACK_CHANNEL.fullmatch(told):
                raise ValidationError(_("That is no channel ID. It looks like C0123456789."))
            return told
        try:
            url = urlsplit(told)
            sound = bool(url.hostname) and url.port != 0 and not url.username
        except ValueError:
            sound, url = False, urlsplit("")
        if not sound or url.scheme not in ("http", "https"):
            raise ValidationError(_("Give the whole address, such as https://example.com/hook."))
        if url.scheme != "https" and not self.private:
            raise ValidationError(_("The address must start with https://."))
        if url.port not in (None, 443) and not self.private:
            raise ValidationError(_("Other ports than 443 are not allowed here."))
        return told


class SlackForm(forms.Form):
    """The secrets of a Slack app."""

    bot_token = forms.CharField(
        label=gettext_lazy("Bot token"),
        max_length=210,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("From OAuth & Permissions; starts with xoxb-."),
    )
    signing_secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        max_length=64,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("From Basic Information."),
    )

    def clean_bot_token(self) -> str:
        """Want a bot's token, not one of the others that Slack gives."""
        told: str = self.cleaned_data["bot_token"].strip()
        if not BOT_TOKEN.fullmatch(told):
            raise ValidationError(_("That is no bot token. It starts with xoxb-."))
        return told

    def clean_signing_secret(self) -> str:
        """Want what Slack calls the signing secret."""
        told: str = self.cleaned_data["signing_secret"].strip()
        if not SIGNING_SECRET.fullmatch(told):
            raise ValidationError(_("That is no signing secret: it has only 0 to 9 and a to f."))
        return told


class SlackUserForm(forms.Form):
    """Who somebody is in Slack."""

    slack = forms.CharField(
        label=gettext_lazy("Your member ID in Slack"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=gettext_lazy("In Slack: your profile, the three dots, Copy member ID."),
    )

    def clean_slack(self) -> str:
        """Want a user's id."""
        told: str = self.cleaned_data["slack"].strip().upper()
        if not SLACK_USER.fullmatch(told):
            raise ValidationError(_("That is no member ID. It looks like U0123456789."))
        return told


class BrowserForm(forms.Form):
    """What a browser says of itself when news shall be pushed to it."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        """Want an address of a push service."""
        told: str = self.cleaned_data["endpoint"].strip()
        try:
            url = urlsplit(told)
            sound = url.scheme == "https" and bool(url.hostname) and not url.username
        except ValueError:
            sound = False
        if not sound and not settings.ENV.private_webhooks:
            raise ValidationError(_("That is no address of a push service."))
        return told

    def clean(self) -> dict[str, Any]:
        """Want keys that are some."""
        told: dict[str, Any] = self.cleaned_data
        if not self.errors and not wired.has_keys(told["p256dh"], told["auth"]):
            raise ValidationError(_("The browser’s keys are none."))
        return told


class DeedForm(forms.Form):
    """What a deed asks to know; without questions it is empty."""

    def __init__(self, data: Any = None, *, asks: Asked | None, shown: Shown) -> None:
        super().__init__(data, initial={"seen": shown.seen})
        self.asks = asks
        if asks is None:
            return
        if shown.points:
            self.fields["ticks"] = forms.MultipleChoiceField(
                label=str(asks.points_label),
                choices=list(shown.points),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if shown.seen:
            self.fields["seen"] = forms.CharField(max_length=100, widget=forms.HiddenInput)
        if asks.reasons is not None:
            self.fields["reason"] = forms.ChoiceField(
                label=str(asks.reason_label), choices=list(asks.reasons())
            )
        rows = forms.Textarea(attrs={"rows": 4})
        self.fields["comment"] = forms.CharField(
            label=str(asks.comment_label), max_length=asks.most, widget=rows
        )

    def given(self) -> Given:
        """Return what was filled in."""
        told = self.cleaned_data if self.is_valid() else {}
        ticks = tuple(told.get("ticks", ()))
        return Given(told.get("reason", ""), told.get("comment", ""), ticks, told.get("seen", ""))

    def again(self, shown: Shown) -> DeedForm:
        """Return the form to be tried again; what is shown anew has to be ticked anew."""
        given, renewed = self.given(), DeedForm(asks=self.asks, shown=shown)
        ticks = given.ticks if given.seen == shown.seen else ()
        renewed.initial = {
            "seen": shown.seen,
            "reason": given.reason,
            "comment": given.comment,
            "ticks": ticks,
        }
        return renewed
