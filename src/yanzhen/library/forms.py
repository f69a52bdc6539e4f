"""What people type about files. Forms clean; actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanzhen.library.limits import MOST_SIDE
from yanzhen.library.models import MOST_ALT
from yanzhen.library.srt import MOST_CHARACTERS

#: A language by its own name, so that anybody finds theirs. BCP 47 tags, as X takes them.
SPOKEN = (
    ("en", "English"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pt", "Português"),
)
#: UTF-8 takes at most four bytes for a character.
MOST_SUBTITLE_BYTES = MOST_CHARACTERS * 4


class AltForm(forms.Form):
    """What a picture shows, for those who cannot see it."""

    alt = forms.CharField(
        label=_("Alt text"),
        required=False,
        max_length=MOST_ALT,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Say what is to be seen and what it means here, as you would on the phone."),
    )


def _pixels(label: Any, *, least: int, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=MOST_SIDE, required=required)


class EditForm(forms.Form):
    """Crop, turn, resize, in pixels of the image as shown."""

    left = _pixels(_("From the left"), least=0)
    top = _pixels(_("From the top"), least=0)
    width = _pixels(_("Width"), least=1)
    height = _pixels(_("Height"), least=1)
    turn = forms.TypedChoiceField(
        label=_("Turn"),
        choices=[
            (0, _("As it is")),
            (90, _("90° to the right")),
            (180, _("180°")),
            (270, _("90° to the left")),
        ],
        coerce=int,
        initial=0,
    )
    size_width = _pixels(_("New width"), least=1, required=False)
    size_height = _pixels(_("New height"), least=1, required=False)

    def clean(self) -> dict[str, Any]:
        """Want both sides of a new size, or neither."""
        cleaned = super().clean() or {}
        if (cleaned.get("size_width") is None) != (cleaned.get("size_height") is None):
            wrong = "size_height" if cleaned.get("size_height") is None else "size_width"
            if wrong not in self.errors:
                self.add_error(wrong, _("Give both, or leave both empty."))
        return cleaned

    def crop(self) -> tuple[int, int, int, int]:
        """Return the part that stays. Only for a valid form."""
        left, top, width, height = (
            self.cleaned_data[name] for name in ("left", "top", "width", "height")
        )
        return left, top, width, height

    def size(self) -> tuple[int, int] | None:
        """Return the new size, None to leave it. Only for a valid form."""
        width, height = self.cleaned_data["size_width"], self.cleaned_data["size_height"]
        return None if width is None else (width, height)


class SubtitlesForm(forms.Form):
    """Subtitles in one language, as a file or pasted."""

    language = forms.ChoiceField(label=_("Language"), choices=SPOKEN)
    file = forms.FileField(
        label=_("SRT file"),
        required=False,
        widget=forms.FileInput({"accept": ".srt,text/plain,application/x-subrip"}),
    )
    text = forms.CharField(
        label=_("Or paste it"),
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the file, if there is one, into ``text``."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            if file.size > MOST_SUBTITLE_BYTES:
                self.add_error("file", _("The file is too large for subtitles. Shorten it."))
                return cleaned
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8. Save it as UTF-8 and try again."))
        elif not cleaned.get("text") and "text" not in self.errors:
            self.add_error("file", _("Choose a file or paste the subtitles."))
        return cleaned

    @property
    def label(self) -> str:
        """What the player calls the language: by its own name. Only for a valid form."""
        return dict(SPOKEN)[self.cleaned_data["language"]]
