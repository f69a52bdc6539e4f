"""Help: a short text for each page of the navigation, in both languages."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from yanzhen.onboarding.steps import STEPS
from yanzhen.onboarding.topics import known, topic, topic_of
from yanzhen.people.models import User
from yanzhen.web import navigation
from yanzhen.web.tests.doors import served

MOST_WORDS = 120
#: Chinese is counted by characters: about two of them carry what a word does.
MOST_CHARACTERS = 240
PAGES = [room.url_name for group in navigation.GROUPS for room in group.rooms]
PAGES += [room.url_name for room in navigation.OWN]
#: Addresses that are no page of the desk: outside it, or an answer to machines.
NO_PAGE = re.compile(
    r"(health|frame|more|language|forgotten|reset|join|deed|scim|push|browser|search|withdraw|help)"
    r"(-.*)?"
)


@pytest.mark.parametrize("name", PAGES)
def test_page_of_the_navigation_has_help_in_both_languages(name):
    assert topic_of(name) == name
    english, chinese = topic(name, "en"), topic(name, "zh-hans")
    for found in (english, chinese):
        assert len(found.todo) == 3
        assert found.purpose
        assert found.words
        assert all(word and meaning for word, meaning in found.words)
    assert not re.search(r"[\u4e00-\u9fff]", english.title + english.purpose)
    assert re.search(r"[\u4e00-\u9fff]", chinese.purpose)
    assert len(english.words) == len(chinese.words)
    assert english.title != chinese.title


@pytest.mark.parametrize("name", known())
def test_help_is_short(name):
    for language in ("en", "zh-hans"):
        found = topic(name, language)
        parts = [found.title, found.purpose, *found.todo, *(" ".join(w) for w in found.words)]
        text = " ".join(parts)
        assert len(text.split()) <= MOST_WORDS
        assert len(re.findall(r"[\u4e00-\u9fff]", text)) <= MOST_CHARACTERS


def test_every_page_leads_to_some_help():
    homeless = [name for name in served() if not topic_of(name) and not NO_PAGE.fullmatch(name)]
    assert homeless == []


def test_help_of_a_step_is_that_of_the_first_ten_minutes():
    assert {topic_of(step.url_name) for step in STEPS} == {"start"}


def test_list_of_help_is_in_the_order_of_the_words_shown(client, cast):
    client.force_login(cast.lena.user)
    shown = [each.title for _name, each in client.get(reverse("help")).context["topics"]]
    assert shown == sorted(shown, key=str.casefold)
    User.objects.update(language="zh-hans")
    shown = [each.title for _name, each in client.get(reverse("help")).context["topics"]]
    # By sound: cao, dai, dang, dong, ... zui; Latin letters come first.
    spoken = [
        "X 花费",
        "操作记录",
        "待人处理",
        "档案",
        "冻结",
        "交接",
        "任务",
        "日历",
        "最初十分钟",
    ]
    assert [title for title in shown if title in spoken] == [*spoken[:6], "任务", "日历", spoken[8]]


def test_page_offers_its_own_help_and_htmx_gets_the_text_alone(client, cast):
    client.force_login(cast.lena.user)
    assert reverse("help-topic", args=["calendar"]) in client.get("/calendar/").content.decode()
    address = reverse("help-topic", args=["review"])
    whole = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>Review</h1>" in whole
    assert "<html" not in part
    assert "four-eyes" in part
    assert client.get(reverse("help-topic", args=["tea"])).status_code == 404
    User.objects.update(language="zh-hans")
    assert "四眼原则" in client.get(address).content.decode()
    assert "最初十分钟" in client.get(reverse("help")).content.decode()
