"""Every address that is a page, with everything on it that can be: whole, readable, translated."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as project
from django.urls import reverse

from yanzhen.config.tests.looking import AXE, LANGUAGES, Window, english_sentences
from yanzhen.web.tests import policy
from yanzhen.web.tests.building import make_street
from yanzhen.web.tests.house import CHIEF, STRANGER, Street, undone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OK = 200


class Visitor:
    """One browser that comes in as whoever an address is for."""

    def __init__(self, street: Street, page, live_server):
        self.street, self.page, self.url = street, page, live_server.url
        self.window = Window(page)
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._answered)

    def _answered(self, response):
        if response.status >= 400 and not response.url.endswith("/live"):
            self.complaints.append(f"{response.status}: {response.url}")

    def come_as(self, actor: str, language: str) -> None:
        self.page.context.clear_cookies()
        kept = {project.LANGUAGE_COOKIE_NAME: language}
        if actor != STRANGER:
            name = project.SESSION_COOKIE_NAME
            kept[name] = self.street.clients[actor].cookies[name].value
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in kept.items()]
        )

    def look(self, address: str, language: str, english: list[str]) -> list[str]:
        self.complaints.clear()
        self.page.goto(self.url + address)
        if language == "en":
            self.page.evaluate(AXE.read_text())
        faults = list(self.window.faults(language, english, axe=language == "en"))
        return faults + self.complaints


def pages(street: Street) -> list[tuple[str, str, str]]:
    """Return every address that is answered with a whole page: its name, for whom, where."""
    found = []
    for name, page in sorted(policy.TABLE.items()):
        if OK not in (page.get.answer, page.get.stranger):
            continue
        actor = _visitor_of(page.get)
        address = reverse(name, args=page.args(street.ferrow))
        with undone():
            answer = street.send(actor, "get", address, page.get.sends(street.ferrow))
        if answer.status_code == OK and answer.told.lstrip()[:15].lower() == "<!doctype html>":
            found.append((name, actor, answer.wsgi_request.get_full_path()))
    return found


def _visitor_of(way: policy.Way) -> str:
    """The chief may open what any role may; what is one person's own is opened as that person."""
    if way.answer != OK:
        return STRANGER
    return CHIEF if len(way.who) != 1 else next(iter(way.who))


def test_every_address_is_whole_and_translated(page, live_server, settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    street = make_street()
    english = english_sentences()
    visitor = Visitor(street, page, live_server)
    found, wrong = pages(street), {}
    assert len(found) >= 80, [name for name, _, _ in found]
    for language in LANGUAGES:
        _speak(street, language)
        for name, actor, address in found:
            visitor.come_as(actor, language)
            faults = visitor.look(address, language, english if language != "en" else [])
            if faults:
                wrong[f"{name} {actor} {language}"] = faults
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def _speak(street: Street, language: str) -> None:
    for user in {member.user for member in street.ferrow.people.values()}:
        user.language = language
        user.save(update_fields=["language"])
