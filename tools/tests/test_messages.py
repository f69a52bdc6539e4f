import gettext
import os

import polib
import pytest

from tools.catalogues import PLURAL_FORMS, Key, catalogue_path, messages_of, new_catalogue
from tools.check_messages import check_entry, check_package
from tools.compile_messages import compile_package
from tools.update_messages import update_room

VIEWS = """
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext
TITLE = _("Review "
          "queue")
def say(n): return ngettext("%(count)d post", "%(count)d posts", n) % {"count": n}
def verb(): return pgettext("verb", "Post")
def both(n): return npgettext("noun", "Draft", "Drafts", n)
def no(name): return _(name)
"""
PAGE = """{% extends "base.html" %}{% load i18n %}
{% block main %}
    <p title="{% translate 'Due' context "time" %}">{{ _("Late") }}</p>
  {% blocktranslate trimmed with name=who %}
    It's <b>{{ name }}</b>
    who decides.
  {% endblocktranslate %}
 {% blocktranslate count n=n %}{{ n }} hour{% plural %}{{ n }} hours{% endblocktranslate %}
{% endblock %}
"""
EXPECTED = {
    Key(None, "Review queue"),
    Key(None, "%(count)d post"),
    Key("verb", "Post"),
    Key("noun", "Draft"),
    Key("time", "Due"),
    Key(None, "Late"),
    Key(None, "It's <b>%(name)s</b> who decides."),
    Key(None, "%(n)s hour"),
}


@pytest.fixture
def room(tmp_path):
    room = tmp_path / "review"
    (room / "templates" / "review").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "__init__.py").write_text("")
    (room / "views.py").write_text(VIEWS)
    (room / "tests" / "test_views.py").write_text("_('Only in tests')")
    (room / "templates" / "review" / "page.html").write_text(PAGE)
    return room


def translate_all(room, **other):
    """Fill the room's catalogue with words that pass, except those given by message."""
    path = catalogue_path(room)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        text = other.get(entry.msgid) or f"审核 {entry.msgid_plural or entry.msgid}"
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
    catalogue.save()


def test_messages_of_reads_code_and_templates_but_no_tests(room):
    found = messages_of(room)
    assert set(found) == EXPECTED
    assert found[Key(None, "%(n)s hour")].plural == "%(n)s hours"
    assert found[Key("time", "Due")].places == ["templates/review/page.html:3"]


def test_check_package_without_a_catalogue_names_every_message(room):
    faults = check_package(room.parent)
    assert len(faults) == len(EXPECTED)
    assert "review: not in any catalogue: 'Post' (verb)" in faults


def test_update_room_adds_what_is_new_and_removes_what_is_gone(room):
    assert update_room(room) == (len(EXPECTED), 0)
    assert len(check_package(room.parent)) == len(EXPECTED)  # all there, none translated
    translate_all(room)
    assert check_package(room.parent) == []
    (room / "views.py").write_text("_('Fresh')")
    assert check_package(room.parent)[0] == "review: missing: 'Fresh'"
    assert update_room(room) == (1, 4)
    assert check_package(room.parent) == ["review: not translated: 'Fresh'"]


def test_update_room_when_nothing_changed_leaves_the_file_alone(room):
    update_room(room)
    translate_all(room)
    before = catalogue_path(room).stat()
    assert update_room(room) == (0, 0)
    assert catalogue_path(room).stat().st_mtime_ns == before.st_mtime_ns


def test_check_package_finds_two_rooms_that_disagree(room):
    other = room.parent / "planning"
    other.mkdir()
    (other / "__init__.py").write_text("_('Late')")
    for each in (room, other):
        update_room(each)
        translate_all(each)
    assert check_package(room.parent) == []
    translate_all(other, Late="迟了")
    (fault,) = check_package(room.parent)
    assert "translated in two ways: 'Late'" in fault


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgid": "Due", "msgstr": ""}, "not translated"),
        ({"msgid": "Due", "msgstr": "到期", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "Due", "msgstr": "到期", "obsolete": True}, "obsolete"),
        ({"msgid": "By %(who)s", "msgstr": "由 %(name)s"}, "placeholders differ"),
        ({"msgid": "By %(who)s", "msgstr": "由他"}, "placeholders differ"),
        ({"msgid": "<b>Due</b>", "msgstr": "<b>到期"}, "tags differ"),
        ({"msgid": "Due.", "msgstr": "到期."}, "half-width punctuation after Chinese ('期.')"),
        (
            {"msgid": "<b>Due</b>:", "msgstr": "<b>到期</b>:"},
            "half-width punctuation after Chinese ('期</b>:')",
        ),
        (
            {"msgid": "a", "msgid_plural": "b", "msgstr_plural": {0: "甲", 1: "乙"}},
            "Chinese has one plural form, this has more",
        ),
    ],
)
def test_check_entry_names_the_fault(entry, fault):
    assert list(check_entry(polib.POEntry(**entry))) == [fault]


def test_check_entry_lets_a_good_translation_pass():
    entry = polib.POEntry(msgid="%(n)s hour, X", msgid_plural="%(n)s hours, X")
    entry.msgstr_plural = {0: "%(n)s 小时，X.com"}
    assert list(check_entry(entry)) == []


def test_compile_package_writes_what_changed_once(room):
    update_room(room)
    translate_all(room, Late="迟了")
    (written,) = compile_package(room.parent)
    with written.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Late") == "迟了"
    assert compile_package(room.parent) == []
    newer = written.stat().st_mtime + 5
    os.utime(catalogue_path(room), (newer, newer))
    assert compile_package(room.parent) == [written]


def test_new_catalogue_is_chinese_with_one_plural_form():
    assert new_catalogue().metadata["Plural-Forms"] == PLURAL_FORMS
