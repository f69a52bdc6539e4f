"""What people type about people. Forms clean; actions write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.ids import parse_id
from yanzhen.people import zones
from yanzhen.people.actions.profile import Profile
from yanzhen.people.holdings import Held
from yanzhen.people.models import Member, Role, User, Workspace

LONGEST_LEAD = timedelta(days=31)
LONGEST_PASSWORD = 256

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


def _email() -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    return forms.EmailField(label=pgettext_lazy("field", "Email"), max_length=254, widget=widget)


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget)


def _zone(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=zones.choices)


def _language() -> forms.ChoiceField:
    # Each language in its own words, so that anybody finds theirs.
    names = {"en": "English", "zh-hans": "简体中文"}
    choices = [(code, names.get(code, word)) for code, word in settings.LANGUAGES]
    return forms.ChoiceField(label=_("Language"), choices=choices)


class RoleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A role by the title the reader knows."""

    def label_from_instance(self, obj: Role) -> str:
        """Return the title."""
        return obj.shown_title


class RoleChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Several roles by their titles."""

    def clean(self, value: Any) -> Any:
        """Refuse numbers that no row can have, which SQLite fails on instead of finding nothing."""
        for each in value or ():
            if parse_id(str(each)) is None:
                said = self.error_messages["invalid_pk_value"] % {"pk": each}
                raise ValidationError(said, code="invalid_pk_value")
        return super().clean(value)

    def label_from_instance(self, obj: Role) -> str:
        """Return the title."""
        return obj.shown_title


class SeenForm(forms.Form):
    """Carries the revision that the page showed."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)


class SignInForm(forms.Form):
    """Email and password."""

    email = _email()
    password = _password(_("Password"), "current-password")


class ForgottenForm(forms.Form):
    """The email whose password is forgotten."""

    email = _email()


class NewPasswordForm(forms.Form):
    """A new password for ``user``, held against the rules for passwords."""

    password = _password(_("New password"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[1:2])

    def clean_password(self) -> str:
        """Return the password; refuse a weak one."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """The password as it is, and a new one."""

    current = _password(_("Password now"), "current-password")
    field_order = ("current", "password")

    def clean_current(self) -> str:
        """Return the present password; refuse a wrong one."""
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError(_("That is not your password."))
        return current


class JoinForm(NewPasswordForm):
    """What a new member tells about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    zone = _zone(_("Your time zone"))
    language = _language()
    field_order = ("name", "password", "zone", "language")


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=pgettext_lazy("field", "Email"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    role = RoleChoice(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    language = _language()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.visible_to(member).in_order()  # type: ignore[attr-defined]  # a model choice field has one


class RolesForm(SeenForm):
    """A member's roles."""

    primary = RoleChoice(label=_("Primary role"), queryset=Role.objects.none(), empty_label=None)
    further = RoleChoices(
        label=_("Further roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("primary", "further"):
            self.fields[name].queryset = Role.objects.visible_to(member).in_order()  # type: ignore[attr-defined]  # a model choice field has one


class ProfileForm(forms.Form):
    """A person's own words and hours."""

    name = forms.CharField(label=_("Name"), max_length=80)
    language = _language()
    city = forms.CharField(
        label=_("City"), max_length=60, required=False, help_text=_("Shown beside your time.")
    )
    zone = _zone(_("Time zone"))
    day_start = forms.TimeField(
        label=_("Work starts"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    day_end = forms.TimeField(
        label=_("Work ends"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    workdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Off: only shortcuts with Ctrl, Cmd or Alt work."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a working day without length."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("day_start"), cleaned.get("day_end")
        if start is not None and start == end:
            self.add_error("day_end", _("Work must end at another time than it starts."))
        return cleaned

    def profile(self) -> Profile:
        """Return the cleaned values as the action takes them."""
        return Profile(**{name: self.cleaned_data[name] for name in Profile.__slots__})


class WorkspaceForm(SeenForm):
    """A workspace's name and home, and what it asks of its posts."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = _zone(_("Home time zone"))
    alt_required = forms.BooleanField(
        label=_("Pictures need alt text"),
        required=False,
        help_text=_("Without it, a post with images or GIFs cannot be sent to review."),
    )


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A member by name."""

    def label_from_instance(self, obj: Member) -> str:
        """Return the name."""
        return obj.user.name


class LeavingForm(SeenForm):
    """Who takes what a leaving member has in hand."""

    to = MemberChoice(
        label=_("Reassign it to"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Nobody; it stays under their name"),
        help_text=_("You can also do it later, from their page."),
    )
    keep = forms.MultipleChoiceField(
        label=_("Goes on without them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whatever is not ticked ends with them. They may know what is secret in it."),
    )
    end = forms.MultipleChoiceField(
        label=_("Withdraw now"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whatever is not ticked goes on, also without them."),
    )

    def __init__(
        self,
        *args: Any,
        leaving: Member,
        held: Sequence[Held],
        takers: Collection[int],
        by: Member,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        #: Whether there is anybody to choose.
        self.takers = bool(takers)
        kept = [h.holding for h in held if h.holding.keep is not None]
        stays = [(h.slug, h.title) for h in kept if h.may_keep is None or h.may_keep(by)]
        if stays:
            self.fields["keep"].choices = stays  # type: ignore[attr-defined]  # a choice field has them
        else:
            del self.fields["keep"]
        ends = [(h.holding.slug, h.holding.title) for h in held if h.holding.end is not None]
        #: Whether there is anything to withdraw.
        self.ends = bool(ends)
        if ends:
            self.fields["end"].choices = ends  # type: ignore[attr-defined]  # a choice field has them
        else:
            del self.fields["end"]
        here = Member.objects.active().filter(workspace_id=leaving.workspace_id)
        others = here.filter(pk__in=takers).exclude(pk=leaving.pk).select_related("user")
        self.fields["to"].queryset = others.order_by("user__name", "pk")  # type: ignore[attr-defined]  # a model choice field has one


class LeadForm(SeenForm):
    """Who has the lead, and until when in the reader's own zone."""

    member = MemberChoice(
        label=pgettext_lazy("lead", "Who"),
        queryset=Member.objects.none(),
    )
    until = forms.DateTimeField(
        label=pgettext_lazy("lead", "Until"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("In your time. Empty: until somebody else takes it."),
    )

    def __init__(self, *args: Any, workspace: Workspace, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        active = Member.objects.active().filter(workspace=workspace).select_related("user")
        self.fields["member"].queryset = active.order_by("user__name", "pk")  # type: ignore[attr-defined]  # a model choice field has one

    def clean_until(self) -> datetime | None:
        """Return the end, aware; refuse one that has passed or lies more than a month ahead."""
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until <= self.now:
            raise ValidationError(_("That time has passed. Pick a later one."))
        if until is not None and until > self.now + LONGEST_LEAD:
            raise ValidationError(_("A turn at the lead lasts at most 31 days."))
        return until


def already_words(member: Member) -> str:
    """Say that somebody to be invited is, or was, a member."""
    words = (
        _("%(name)s is a member already.")
        if member.active
        else _("%(name)s was a member before. Bring them back on the team page.")
    )
    return words % {"name": member.user.name}
