"""What people type about accounts. Forms clean; actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanzhen.channels import steps
from yanzhen.channels.models import Account, Colour
from yanzhen.people import zones

#: Languages by their own name, so that anybody finds theirs.
LANGUAGES = (
    ("", _("Not set")),
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pt", "Português"),
)


def _key(
    label: Any, *, required: bool = True, hint: Any = "", secret: bool = False
) -> forms.CharField:
    """Make a field for a key. A secret one is never sent back to the page, whatever is wrong."""
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    return forms.RegexField(
        r"^[\x21-\x7e]+$",
        label=label,
        required=required,
        max_length=200,
        help_text=hint,
        error_messages={"invalid": _("A key has letters, digits and signs, but no spaces.")},
        widget=forms.PasswordInput(attrs, render_value=False) if secret else forms.TextInput(attrs),
    )


class TypeForm(forms.Form):
    """Which kind of X app there is, or will be."""

    app_type = forms.ChoiceField(
        choices=(
            (steps.WEB, _("Web App, Automated App or Bot")),
            (steps.NATIVE, _("Native App or single page app")),
            (steps.KEYS, _("Four keys of one account")),
        ),
        error_messages={"required": _("Choose one of the three.")},
    )


class PortalForm(forms.Form):
    """What must be set at X before anything works; ticked by whoever has set it."""

    permissions = forms.BooleanField(
        label=_("The app permissions say “Read and write”."),
        error_messages={"required": _("Without it X lets nobody publish.")},
    )
    callback = forms.BooleanField(
        label=_("The callback address stands there exactly as above."),
        error_messages={"required": _("Without it X shows an error instead of its question.")},
    )

    def __init__(self, *args: Any, app_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if app_type == steps.KEYS:
            # Nobody is sent to X, so nobody comes back.
            del self.fields["callback"]


class AppForm(forms.Form):
    """The workspace's X app."""

    client_id = _key(_("Client ID"))
    confidential = forms.TypedChoiceField(
        choices=(("yes", ""), ("no", "")),
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
        initial="yes",
    )
    client_secret = _key(
        _("Client secret"),
        required=False,
        secret=True,
    )


class KeysForm(forms.Form):
    """The four OAuth 1.0a keys of one account."""

    consumer_key = _key(_("API key"))
    consumer_secret = _key(_("API key secret"), secret=True)
    access_token = _key(_("Access token"))
    access_secret = _key(_("Access token secret"), secret=True)


class AccountForm(forms.Form):
    """How one account is treated."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.choices,
        help_text=_("Where the account's readers are. New posts are planned in it."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices)
    premium = forms.TypedChoiceField(
        label=_("Long posts"),
        choices=(
            ("", _("As X says")),
            ("yes", _("Premium: up to 25,000 characters")),
            ("no", _("Not Premium: up to 280 characters")),
        ),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    @classmethod
    def of(cls, account: Account, data: Any = None) -> AccountForm:
        """Return the form filled with the account as it is, or with what was typed."""
        override = {None: "", True: "yes", False: "no"}[account.premium_override]
        initial = {
            "zone": account.zone,
            "language": account.language,
            "colour": account.colour,
            "premium": override,
        }
        return cls(data, initial=initial)
