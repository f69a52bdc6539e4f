"""What is asked of people on the pages of the framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.brand import reading
from yanzhen.brand.models import LONGEST_NOTE, LONGEST_TITLE, LONGEST_WHY
from yanzhen.brand.reading import as_ratio
from yanzhen.brand.rules import LONGEST_PHRASE, TOLD, Language, RuleKind, RuleSpec, Severity
from yanzhen.brand.validity import FIELDS, faults_in
from yanzhen.kernel.text import TextRefused, clean_text

_Words = Mapping[RuleKind, tuple[Any, Any]]

_ONE_A_LINE = _("One a line.")
_PHRASES: _Words = {
    RuleKind.TONE: (_("Words or signs to flag"), _("One a line; leave it empty for advice only.")),
    RuleKind.MUST: (
        _("Exactly as it is written"),
        _("One a line. Every other spelling is flagged."),
    ),
    RuleKind.MAY: (_("Words that are fine"), _("One a line. No rule flags a word inside them.")),
    RuleKind.NEVER: (_("Words that are not said"), _ONE_A_LINE),
    RuleKind.CLAIM: (_("Words that claim something"), _ONE_A_LINE),
    RuleKind.DISCLOSURE: (
        _("When a text says"),
        _("One a line; leave it empty for every post in this language."),
    ),
    RuleKind.EMOJI: (_("Forbidden emoji"), _ONE_A_LINE),
    RuleKind.HASHTAG: (_("Forbidden hashtags"), _ONE_A_LINE),
    RuleKind.MENTION: (_("Accounts not to be named"), _ONE_A_LINE),
    RuleKind.LINK: (_("Forbidden domains"), _("One a line; what lies below them is meant too.")),
}
_NEEDS: _Words = {
    RuleKind.CLAIM: (_("Domains that prove it"), _("One a line; leave it empty for any link.")),
    RuleKind.DISCLOSURE: (
        _("One of these must stand there"),
        _("One a line, anywhere in a thread."),
    ),
    RuleKind.EMOJI: (_("Only these emoji"), _("One a line; leave it empty for all.")),
    RuleKind.HASHTAG: (_("Only these hashtags"), _("One a line; leave it empty for all.")),
    RuleKind.MENTION: (_("Only these accounts"), _("One a line; leave it empty for all.")),
    RuleKind.LINK: (_("Only these domains"), _("One a line; what lies below them is meant too.")),
}


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "spellcheck": "false"})


class RuleForm(forms.Form):
    """One rule of a given kind: only the fields such a rule has."""

    title = forms.CharField(label=_("Name"), max_length=LONGEST_TITLE)
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_WHY,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Writers read it beside their text."),
    )
    severity = forms.ChoiceField(
        label=_("Weight"),
        choices=Severity.choices,
        initial=Severity.WARNING,
        help_text=_("An error keeps a post from review until it is mended or let stand."),
    )
    language = forms.ChoiceField(
        label=_("Texts in"), choices=Language.choices, initial=Language.ANY
    )
    phrases = forms.CharField(required=False, widget=_area())
    needs = forms.CharField(required=False, widget=_area(3))
    unless = forms.CharField(
        label=_("Except inside these words"),
        required=False,
        widget=_area(3),
        help_text=_("One a line, such as 最近 for 最."),
    )
    replacement = forms.CharField(label=_("Say instead"), required=False, max_length=LONGEST_PHRASE)
    most = forms.IntegerField(
        label=_("At most in one post"), required=False, min_value=0, max_value=1000
    )
    least_width = forms.IntegerField(
        label=_("Least width in pixels"), required=False, min_value=0, max_value=20_000
    )
    least_height = forms.IntegerField(
        label=_("Least height in pixels"), required=False, min_value=0, max_value=20_000
    )
    ratios = forms.CharField(
        label=_("Shapes"), required=False, widget=_area(2), help_text=_("Like 16:9, one a line.")
    )
    inflect = forms.BooleanField(
        label=_("All forms of an English word"), required=False, initial=True
    )
    exact_case = forms.BooleanField(label=_("Only with these capitals"), required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, kind: RuleKind, rule: RuleSpec | None = None, seen: int = 0
    ) -> None:
        super().__init__(data, initial=_initial(rule, seen))
        self.kind = kind
        self.rule: RuleSpec | None = None
        always = {"title", "why", "language", "seen"} | (set() if kind in TOLD else {"severity"})
        for name in list(self.fields):
            if name not in always and name not in FIELDS[kind]:
                del self.fields[name]
        for name, words in (("phrases", _PHRASES), ("needs", _NEEDS)):
            if name in self.fields and kind in words:
                self.fields[name].label, self.fields[name].help_text = words[kind]

    def _lines(self, name: str) -> tuple[str, ...]:
        return reading.entries(self.cleaned_data.get(name) or "")

    def clean(self) -> dict[str, Any]:
        """Read lists and shapes, and ask what every rule is asked."""
        cleaned = super().clean() or {}
        shapes: tuple[tuple[int, int], ...] = ()
        try:
            for name in ("title", "why", "phrases", "needs", "unless", "replacement"):
                cleaned[name] = clean_text(cleaned.get(name) or "").strip()
            shapes = reading.ratios(cleaned.get("ratios") or "")
        except TextRefused as refused:
            self.add_error(None, str(refused))
        except reading.NotRead:
            self.add_error("ratios", _("Write shapes like 16:9 or 4:5, one a line."))
        if self.errors:
            return cleaned
        self.rule = RuleSpec(
            key=0,
            kind=self.kind,
            severity=Severity(cleaned.get("severity") or Severity.HINT),
            language=Language(cleaned["language"]),
            title=cleaned["title"],
            why=cleaned["why"],
            phrases=self._lines("phrases"),
            needs=self._lines("needs"),
            unless=self._lines("unless"),
            replacement=cleaned["replacement"],
            most=cleaned.get("most"),
            least_width=cleaned.get("least_width") or 0,
            least_height=cleaned.get("least_height") or 0,
            ratios=shapes,
            exact_case=bool(cleaned.get("exact_case")),
            inflect=bool(cleaned.get("inflect", True)),
        )
        for name, fault in faults_in(self.rule):
            self.add_error(name if name in self.fields else None, fault)
        return cleaned


def _initial(rule: RuleSpec | None, seen: int) -> dict[str, Any]:
    if rule is None:
        return {"seen": seen}
    lists = {name: "\n".join(getattr(rule, name)) for name in ("phrases", "needs", "unless")}
    sizes = {name: getattr(rule, name) or None for name in ("least_width", "least_height")}
    shapes = "\n".join(map(as_ratio, rule.ratios))
    return {**rule.as_json(), **lists, **sizes, "ratios": shapes, "seen": seen}


class PublishForm(forms.Form):
    """What is new in a version."""

    note = forms.CharField(
        label=_("What is new"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ImportForm(forms.Form):
    """A file of rules, and whether they come beside those there are or in their place."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"})
    )
    mode = forms.ChoiceField(
        label=_("The rules of the file"),
        choices=[
            ("add", pgettext_lazy("import", "are added to the draft")),
            ("replace", pgettext_lazy("import", "take the place of the draft")),
        ],
        initial="add",
        widget=forms.RadioSelect,
    )
