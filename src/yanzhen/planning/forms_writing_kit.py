"""What people say of endings of posts, and of the tags that links should carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.brand.marks import domain_of, hashtags
from yanzhen.channels.models import Account
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.models import Member
from yanzhen.planning.actions.equipping import EndingWords, LinkRuleWords
from yanzhen.planning.link_tags import BLANKS, is_domain, is_value, unknown_blanks
from yanzhen.planning.models import (
    ENDING_TITLE,
    MOST_ENDING,
    MOST_VALUE,
    Ending,
    EndingKind,
    LinkRule,
)

MOST_DOMAINS = 20
_BETWEEN = re.compile(r"[\s,，、;；]+")


class _KitForm(forms.Form):
    """What both ask: the account, and the revision that was shown."""

    account = forms.ModelChoiceField(
        Account.objects.none(),
        label=pgettext_lazy("writing kit", "Account"),
        required=False,
        empty_label=_("All accounts"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        """Say it where it is seen when the hidden part is missing."""
        if "revision" in self.errors:
            self.add_error(None, _("This page is too old to save. Reload it."))
        return super().clean() or {}

    def offer_accounts(self, member: Member) -> None:
        """Offer the accounts of the workspace."""
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = Account.objects.visible_to(member).in_order()

    def one_line(self, name: str) -> str:
        """Return a field's words on one line. Raises ValidationError."""
        try:
            return " ".join(clean_text(self.cleaned_data[name]).split())
        except TextRefused as refused:
            raise forms.ValidationError(str(refused)) from None


class EndingForm(_KitForm):
    """A signature or a group of hashtags."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EndingKind.choices)
    title = forms.CharField(label=_("Name"), max_length=ENDING_TITLE)
    body = forms.CharField(
        label=pgettext_lazy("ending", "Words"),
        max_length=MOST_ENDING,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("For a group: the hashtags, with spaces between them."),
    )
    field_order = ("kind", "title", "body", "account", "revision")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        ending: Ending | None = None,
        kind: str = "",
    ) -> None:
        start: dict[str, Any] = {"kind": kind or EndingKind.SIGNATURE, "revision": 0}
        if ending is not None:
            start = {name: getattr(ending, name) for name in ("title", "body", "revision")}
            start["account"] = ending.account_id
        super().__init__(data, initial=start)
        self.what: EndingKind | None = None if ending is None else EndingKind(ending.kind)
        if ending is not None:
            del self.fields["kind"]
        self.offer_accounts(member)

    def clean_title(self) -> str:
        """Keep it to one line."""
        return self.one_line("title")

    def clean(self) -> dict[str, Any]:
        """Want words that X can show, and of a group nothing but hashtags."""
        asked = super().clean() or {}
        if "body" not in asked or (self.what is None and "kind" not in asked):
            return asked
        self.what = self.what or EndingKind(asked["kind"])
        try:
            body = clean_text(asked["body"]).strip()
        except TextRefused as refused:
            self.add_error("body", str(refused))
            return asked
        if self.what == EndingKind.HASHTAGS:
            body = self._hashtags(body)
        asked["body"] = body
        return asked

    def _hashtags(self, body: str) -> str:
        """Return the hashtags on one line, each once and with its sign."""
        said: dict[str, str] = {}
        for word in filter(None, _BETWEEN.split(body)):
            tag = "#" + word.lstrip("#＃")
            if [(mark.start, mark.end) for mark in hashtags(tag)] != [(0, len(tag))]:
                wrong = _("“%(word)s” is no hashtag. Use letters, figures and underscores.")
                self.add_error("body", wrong % {"word": word})
                return body
            said.setdefault(tag.casefold(), tag)
        return " ".join(said.values())

    def words(self) -> EndingWords:
        """Return what was said. Only for a valid form."""
        asked = self.cleaned_data
        assert self.what is not None  # noqa: S101 -- a valid form has one
        return EndingWords(self.what, asked["title"], asked["body"], asked["account"])


class LinkRuleForm(_KitForm):
    """The domains, and what links to them carry."""

    domains = forms.CharField(
        label=_("Links to these domains"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One to a line. What lies below a domain belongs to it."),
    )
    source = forms.CharField(label="utm_source", max_length=MOST_VALUE, initial="x")
    medium = forms.CharField(
        label="utm_medium", max_length=MOST_VALUE, required=False, initial="social"
    )
    campaign = forms.CharField(
        label="utm_campaign", max_length=MOST_VALUE, required=False, initial="{campaign}"
    )
    content = forms.CharField(
        label="utm_content",
        max_length=MOST_VALUE,
        required=False,
        help_text=_(
            "{campaign}, {account} and {post} stand for the post’s campaign, account and number. "
            "Where a post has no campaign, that tag is left out."
        ),
    )
    field_order = ("domains", "account", "source", "medium", "campaign", "content", "revision")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        rule: LinkRule | None = None,
    ) -> None:
        start: dict[str, Any] = {"revision": 0}
        if rule is not None:
            names = ("source", "medium", "campaign", "content", "revision")
            start = {name: getattr(rule, name) for name in names}
            start |= {"account": rule.account_id, "domains": "\n".join(rule.domains)}
        super().__init__(data, initial=start)
        self.offer_accounts(member)

    def clean_domains(self) -> list[str]:
        """Return the domains, each once; a whole address gives its domain."""
        try:
            said = clean_text(self.cleaned_data["domains"])
        except TextRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        found: dict[str, None] = {}
        for word in filter(None, _BETWEEN.split(said)):
            domain = domain_of(word)
            if not is_domain(domain):
                wrong = _("“%(word)s” is no domain. Write a domain such as example.com.")
                raise forms.ValidationError(wrong % {"word": word[:80]})
            found[domain] = None
        if not found:
            raise forms.ValidationError(_("Name at least one domain."))
        if len(found) > MOST_DOMAINS:
            most = {"most": MOST_DOMAINS}
            raise forms.ValidationError(_("Name %(most)d domains at most.") % most)
        return list(found)

    def clean_source(self) -> str:
        """Return what may stand in a link."""
        return self._value("source")

    def clean_medium(self) -> str:
        """Return what may stand in a link."""
        return self._value("medium")

    def clean_campaign(self) -> str:
        """Return what may stand in a link."""
        return self._value("campaign")

    def clean_content(self) -> str:
        """Return what may stand in a link."""
        return self._value("content")

    def _value(self, name: str) -> str:
        value = self.one_line(name)
        if unknown := unknown_blanks(value):
            words = {"name": unknown[0], "known": ", ".join(f"{{{each}}}" for each in BLANKS)}
            wrong = _("Nothing stands for {%(name)s}. Use one of %(known)s.")
            raise forms.ValidationError(wrong % words)
        if not is_value(value):
            raise forms.ValidationError(
                _("Use letters, figures, hyphens, underscores and dots, no dot at the end.")
            )
        return value

    def words(self) -> LinkRuleWords:
        """Return what was said. Only for a valid form."""
        asked = dict(self.cleaned_data)
        asked.pop("revision")
        return LinkRuleWords(**asked)
