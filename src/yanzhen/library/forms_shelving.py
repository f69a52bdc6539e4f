"""What people ask the list for, and say about assets and folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.library.actions.assets import Change, Details
from yanzhen.library.actions.tagging import MOST_TAGS
from yanzhen.library.models import Asset, Folder, Tag
from yanzhen.library.models.assets import Licence, Release
from yanzhen.library.queries import Branch, Narrowing, tags_in
from yanzhen.people.models import Member

FIRST_DAY, LAST_DAY = date(2006, 1, 1), date(2100, 12, 31)


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return an optional day that clocks of every zone can name."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


def beginning_of(day: date | None, member: Member) -> datetime | None:
    """Return when that day begins for the workspace, aware; the same whoever asks."""
    return None if day is None else datetime.combine(day, time.min, member.workspace.tz)


def end_of(day: date | None, member: Member) -> datetime | None:
    """Return when that day is over for the workspace, aware."""
    return None if day is None else beginning_of(day + timedelta(days=1), member)


def days_of(row: Any, member: Member) -> dict[str, date]:
    """Return the first and the last day of a row's window, as the forms name them."""
    days = {}
    zone = member.workspace.tz
    if row.available_at:
        days["first_day"] = row.available_at.astimezone(zone).date()
    if row.expires_at:
        days["last_day"] = (row.expires_at - timedelta(microseconds=1)).astimezone(zone).date()
    return days


class TagsField(forms.CharField):
    """Tags in one line, with commas of either script between them."""

    def to_python(self, value: Any) -> Any:
        """Return the names as they were typed."""
        text = super().to_python(value) or ""
        return [
            name
            for each in text.replace("，", ",").replace("、", ",").split(",")
            if (name := each.strip())
        ]

    def validate(self, value: Any) -> None:
        """Want words, and not too many."""
        super().validate(value)
        if len(value) > MOST_TAGS:
            raise forms.ValidationError(
                _("Those are too many tags. Keep the ones people look for.")
            )
        for name in value:
            _clean(name)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else value


def _clean(text: str) -> str:
    """Return a text without what no database keeps, or say what is wrong with it."""
    try:
        return clean_text(text)
    except TextRefused as refused:
        raise forms.ValidationError(str(refused)) from None


def tags_field() -> TagsField:
    """Return the field every form with tags has."""
    return TagsField(
        label=_("Tags"),
        required=False,
        max_length=800,
        help_text=_("With commas between them."),
    )


def folder_choices(
    tree: Sequence[Branch], first: Sequence[tuple[Any, Any]]
) -> list[tuple[Any, Any]]:
    """Return folders for a list of choices, each by its whole path."""
    return [*first, *((str(branch.folder.pk), branch.path) for branch in tree)]


class ShelfForm(forms.Form):
    """What the list of files is narrowed to."""

    q = forms.CharField(
        label=_("Words in name, tags or description"), required=False, max_length=200
    )
    folder = forms.ChoiceField(label=_("Folder"), required=False)
    tag = forms.ModelChoiceField(
        Tag.objects.none(), label=_("Tag"), required=False, empty_label=_("Every tag")
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Owner"), required=False, empty_label=_("Every owner")
    )
    licence = forms.ChoiceField(
        label=_("Licence"),
        required=False,
        choices=[
            ("", _("Every licence")),
            ("none", _("Licence not said")),
            *(choice for choice in Licence.choices if choice[0]),
        ],
    )
    when = forms.ChoiceField(
        label=pgettext_lazy("library", "Use"),
        required=False,
        choices=[
            ("", _("In use or not")),
            ("unused", _("Not used yet")),
            ("soon", _("Ends within 30 days")),
            ("over", _("May no longer be used")),
            ("early", _("May not be used yet")),
            ("archived", _("Archived")),
        ],
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, member: Member, tree: Sequence[Branch]
    ) -> None:
        super().__init__(data)
        look_like_filters(self)
        first = [("", _("Every folder")), ("0", _("In no folder"))]
        offer(self, "folder", choices=folder_choices(tree, first))
        offer(self, "tag", rows=tags_in(member))
        offer(self, "owner", rows=team_of(member))

    def narrowing(self, shelf: str) -> Narrowing:
        """Return what was asked. Only for a valid form."""
        asked = self.cleaned_data
        folder = asked["folder"]
        return Narrowing(
            shelf=shelf,
            words=asked["q"],
            folder=int(folder) if folder else None,
            tag=asked["tag"].pk if asked["tag"] else None,
            owner=asked["owner"].pk if asked["owner"] else None,
            licence=asked["licence"],
            when=asked["when"],
        )


def offer(form: forms.Form, name: str, *, choices: Any = None, rows: Any = None) -> None:
    """Let a field of choices offer these, or a field of rows these rows."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
    elif isinstance(field, forms.ChoiceField):
        field.choices = choices


def look_like_filters(form: forms.Form) -> None:
    """Give the fields of a filter the look of inputs, and say in the first what it looks for."""
    for name, field in form.fields.items():
        field.widget.attrs["class"] = "input"
        if name == "q":
            field.widget.attrs["placeholder"] = field.label
            field.widget.input_type = "search"


def team_of(member: Member) -> Any:
    """Return the members of the workspace who act in it, with their names."""
    rows = Member.objects.filter(workspace_id=member.workspace_id, active=True)
    return rows.select_related("user").order_by("user__name", "pk")


class DetailsForm(forms.Form):
    """All that is said of an asset beside its bytes and its alt text."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    folder = forms.ChoiceField(label=_("Folder"), required=False)
    tags = tags_field()
    owner = forms.ModelChoiceField(Member.objects.none(), label=_("Owner"), empty_label=None)
    licence = forms.ChoiceField(label=_("Licence"), required=False, choices=Licence.choices)
    release = forms.ChoiceField(label=_("Model release"), required=False, choices=Release.choices)
    territory = forms.CharField(label=_("Where it may be used"), required=False, max_length=120)
    credit = forms.CharField(label=_("Source and credit"), required=False, max_length=200)
    first_day = day_field(_("May be used from"))
    last_day = day_field(_("May be used until"), _("The last day, in the workspace’s time zone."))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        asset: Asset,
        tree: Sequence[Branch],
    ) -> None:
        self.member = member
        self.folders = {branch.folder.pk: branch.folder for branch in tree}
        plain = ("name", "description", "owner", "licence", "release", "territory", "credit")
        start: dict[str, Any] = {field: getattr(asset, field) for field in (*plain, "revision")}
        start["folder"] = str(asset.folder_id or "")
        start["tags"] = [tag.name for tag in asset.tags.all()]
        super().__init__(data, initial={**start, **days_of(asset, member)})
        choices = folder_choices(tree, [("", _("No folder"))])
        offer(self, "folder", choices=choices)
        offer(self, "owner", rows=team_of(member))

    def clean(self) -> dict[str, Any]:
        """Want the last day not before the first, and texts a database keeps."""
        asked = super().clean() or {}
        first, last = asked.get("first_day"), asked.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It ends before it begins. Change one of the two days."))
        for name in ("name", "description", "territory", "credit"):
            try:
                _clean(asked.get(name) or "")
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)
        return asked

    def details(self) -> Details:
        """Return what was said. Only for a valid form."""
        said = {**self.cleaned_data}
        first, last = said.pop("first_day"), said.pop("last_day")
        folder = self.folders.get(int(said.pop("folder") or 0))
        said.pop("revision")
        return Details(
            **said,
            folder=folder,
            available_at=beginning_of(first, self.member),
            expires_at=end_of(last, self.member),
        )


class FolderForm(forms.Form):
    """A folder's name, and the folder it lies in."""

    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"data-key": "n"})
    )
    parent = forms.ChoiceField(label=_("Lies in"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        tree: Sequence[Branch],
        folder: Folder | None = None,
        barred: Sequence[int] = (),
    ) -> None:
        start = {"name": folder.name, "parent": str(folder.parent_id or "")} if folder else None
        super().__init__(data, initial=start)
        self.folders = {b.folder.pk: b.folder for b in tree if b.folder.pk not in barred}
        open_ones = [branch for branch in tree if branch.folder.pk in self.folders]
        choices = folder_choices(open_ones, [("", _("At the top"))])
        offer(self, "parent", choices=choices)

    def chosen_parent(self) -> Folder | None:
        """Return the folder it shall lie in. Only for a valid form."""
        return self.folders.get(int(self.cleaned_data["parent"] or 0))


class ChangeForm(forms.Form):
    """One change to many files; only the field that belongs to ``what`` is there."""

    def __init__(
        self, what: str, data: Mapping[str, Any] | None, *, member: Member, tree: Sequence[Branch]
    ) -> None:
        super().__init__(data)
        self.what, self.member = what, member
        self.folder_rows = {branch.folder.pk: branch.folder for branch in tree}
        if what in ("tag", "untag"):
            self.fields["tags"] = tags_field()
            self.fields["tags"].required = True
        elif what == "move":
            choices = folder_choices(tree, [("", _("No folder"))])
            self.fields["folder"] = forms.ChoiceField(
                label=_("Folder"), required=False, choices=choices
            )
        elif what == "expire":
            self.fields["last_day"] = day_field(_("May be used until"), _("Empty: without an end."))

    def change(self) -> Change:
        """Return what was asked. Only for a valid form."""
        asked = self.cleaned_data
        return Change(
            self.what,
            tags=asked.get("tags") or (),
            folder=self.folder_rows.get(parse_id(asked.get("folder")) or 0),
            expires_at=end_of(asked.get("last_day"), self.member),
        )
