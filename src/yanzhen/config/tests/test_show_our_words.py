"""What the rooms' catalogues say is what a page shows, whatever other apps call the same thing."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext, pgettext

from tools.catalogues import read_catalogue
from yanzhen.config.settings import PACKAGE

CATALOGUES = "*/locale/zh_Hans/LC_MESSAGES/django.po"


def test_translate_a_string_that_other_apps_have_too_shows_ours() -> None:
    strange = []
    with translation.override("zh-hans"):
        for path in sorted(PACKAGE.glob(CATALOGUES)):
            for entry in read_catalogue(path):
                if entry.obsolete or entry.msgid_plural:
                    continue
                shown = (
                    pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else gettext(entry.msgid)
                )
                if shown != entry.msgstr:
                    strange.append(f"{path.parts[-5]}: {entry.msgid}: {shown}")

    assert not strange
