"""What people say about templates and agreed lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.library.actions.texts import Wording
from yanzhen.library.forms import SPOKEN
from yanzhen.library.forms_shelving import (
    beginning_of,
    day_field,
    days_of,
    end_of,
    look_like_filters,
    offer,
    tags_field,
    team_of,
)
from yanzhen.library.models import MOST_BODY, MOST_TITLE, SavedText, Tag
from yanzhen.library.models.texts import TextKind
from yanzhen.library.queries import tags_in
from yanzhen.people.models import Member


class TextsForm(forms.Form):
    """What the list of texts is narrowed to."""

    q = forms.CharField(label=_("Words in the text"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Lines and templates")), *TextKind.choices],
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(), label=_("Tag"), required=False, empty_label=_("Every tag")
    )
    when = forms.ChoiceField(
        label=pgettext_lazy("library", "Use"),
        required=False,
        choices=[
            ("", _("In use")),
            ("soon", _("Ends within 30 days")),
            ("over", _("May no longer be used")),
            ("archived", _("Archived")),
        ],
    )

    def __init__(self, data: Mapping[str, Any] | None, *, member: Member) -> None:
        super().__init__(data)
        look_like_filters(self)
        offer(self, "tag", rows=tags_in(member))


class TextForm(forms.Form):
    """A template or a line with all that is said of it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TextKind.choices)
    title = forms.CharField(label=pgettext_lazy("library", "Title"), max_length=MOST_TITLE)
    body = forms.CharField(
        label=pgettext_lazy("library", "Text"),
        max_length=MOST_BODY,
        strip=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What stands in braces, such as {product}, is asked when it is inserted."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=SPOKEN)
    pair = forms.ModelChoiceField(
        SavedText.objects.none(),
        label=_("The same in another language"),
        required=False,
        empty_label=_("None"),
    )
    tags = tags_field()
    owner = forms.ModelChoiceField(Member.objects.none(), label=_("Owner"), empty_label=None)
    first_day = day_field(_("May be used from"))
    last_day = day_field(_("May be used until"), _("The last day, in the workspace’s time zone."))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        text: SavedText | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.member = member
        start: dict[str, Any] = {"owner": member.pk, "revision": 0, **(initial or {})}
        if text is not None:
            start = {name: getattr(text, name) for name in ("kind", "title", "body", "language")}
            start |= {"owner": text.owner_id, "pair": text.pair_id, "revision": text.revision}
            start |= {"tags": [tag.name for tag in text.tags.all()], **days_of(text, member)}
        super().__init__(data, initial=start)
        if text is not None:
            del self.fields["kind"]
        offer(self, "owner", rows=team_of(member))
        others = SavedText.objects.visible_to(member).filter(archived_at=None).order_by("title")
        if text is not None:
            others = others.exclude(pk=text.pk)
        offer(self, "pair", rows=others)

    def clean(self) -> dict[str, Any]:
        """Want words, another language in the pair, and a window that begins before it ends."""
        asked = super().clean() or {}
        for name in ("title", "body"):
            try:
                if name in asked and not clean_text(asked[name]).strip():
                    self.add_error(name, _("Write something first."))
            except TextRefused as refused:
                self.add_error(name, str(refused))
        pair = asked.get("pair")
        if pair is not None and pair.language == asked.get("language"):
            self.add_error("pair", _("It is in the same language. Choose one in another."))
        first, last = asked.get("first_day"), asked.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It ends before it begins. Change one of the two days."))
        return asked

    def wording(self) -> Wording:
        """Return what was said. Only for a valid form."""
        asked = self.cleaned_data
        return Wording(
            title=asked["title"],
            body=asked["body"],
            language=asked["language"],
            owner=asked["owner"],
            pair=asked["pair"],
            tags=asked["tags"],
            available_at=beginning_of(asked["first_day"], self.member),
            expires_at=end_of(asked["last_day"], self.member),
        )
