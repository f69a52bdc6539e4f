"""How a no is said: whom to ask, what changed, and all of it in the reader's language."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from django.apps import apps
from django.urls import reverse

from yanzhen.people.models import User
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post
from yanzhen.review.actions.rounds import withdraw_round
from yanzhen.review.models import Round
from yanzhen.web.tests import policy
from yanzhen.web.tests.house import CHIEF, Street, undone

pytestmark = pytest.mark.django_db

PACKAGE = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "zh-hans")
#: A sentence; shorter strings may be a name or a word that both languages share.
SENTENCE_WORDS = 4
MANAGER_PAGES = sorted(
    name
    for name, page in policy.TABLE.items()
    if page.get.answer == 200 and policy.MANAGER in page.get.who
)


def speak(actor: str, street: Street, language: str) -> None:
    User.objects.filter(pk=street.ferrow.people[actor].user_id).update(language=language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("This is somebody else’s to decide", "It takes this duty", "Who can")),
        ("zh-hans", ("这件事由别人决定", "需要这项职责", "谁可以")),
    ],
)
def test_refused_right_names_the_duty_and_who_holds_it(street: Street, language: str, words):
    with undone():
        speak(policy.CREATOR, street, language)
        answer = street.send(policy.CREATOR, "get", "/workspace/")
    assert answer.status_code == 403
    assert "Ferrow-administrator" in answer.told
    assert "Ferrow-chief" in answer.told
    assert "Ferrow-analyst" not in answer.told
    assert "Quandt" not in answer.told
    assert not [each for each in words if each not in answer.told]


def test_refused_right_that_nobody_holds_says_so(street: Street):
    with undone():
        for role in street.ferrow.workspace.roles.all():
            role.granted = [slug for slug in role.granted if slug != "workspace.edit"]
            role.save()
        answer = street.send(policy.CREATOR, "get", "/workspace/")
    assert "Nobody in the team holds it now." in answer.told


def test_refused_own_work_says_why(street: Street):
    with undone():
        street.ferrow.step.round.post.writers.add(street.ferrow.people[policy.LEAD])
        address = reverse("review-decide", args=[street.ferrow.step.pk])
        answer = street.send(policy.LEAD, "post", address, {"verdict": "pass"})
    assert answer.status_code == 403
    assert "You wrote part of this" in answer.told


def test_refused_step_of_another_role_names_that_role(street: Street):
    address = reverse("review-decide", args=[street.ferrow.step.pk])
    answer = street.send(policy.MANAGER, "post", address, {"verdict": "pass"})
    assert answer.status_code == 403
    assert "This step belongs to another role." in answer.told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Somebody was faster", "“Team lead” is now: Called off")),
        ("zh-hans", ("“负责人审核”现在是：已取消",)),
    ],
)
def test_lost_race_names_the_thing_and_its_state(street: Street, language: str, words):
    house = street.ferrow
    with undone():
        speak(policy.LEAD, street, language)
        round_ = Round.objects.select_related("post").get(pk=house.round.pk)
        withdraw_round(round_, by=house.people[policy.CREATOR], now=NOW)
        address = reverse("review-decide", args=[house.step.pk])
        answer = street.send(policy.LEAD, "post", address, {"verdict": "pass"})
    assert answer.status_code == 409
    told = plain(answer.told)
    assert not [each for each in words if each not in told], told


@pytest.mark.parametrize(("language", "word"), [("en", "Dropped"), ("zh-hans", "已放弃")])
def test_lost_draft_names_the_stage_and_keeps_the_words(street: Street, language: str, word: str):
    house = street.ferrow
    with undone():
        speak(policy.CREATOR, street, language)
        post = type(house.posts["draft"]).objects.get(pk=house.posts["draft"].pk)
        drop_post(post, by=house.people[policy.LEAD], now=NOW)
        answer = street.send(
            policy.CREATOR,
            "post",
            f"/posts/{post.pk}/draft/",
            {"revision": 1, "text": "Mine alone"},
        )
    assert answer.status_code == 409
    assert word in answer.told
    assert "Mine alone" in answer.told


@cache
def english() -> dict[str, str]:
    """Return every sentence of our catalogues that has a Chinese one: what must not show, msgid."""
    found = {}
    folders = [Path(config.path) for config in apps.get_app_configs()] + [PACKAGE / "kernel"]
    for path in sorted({each / "locale/zh_Hans/LC_MESSAGES/django.po" for each in folders}):
        if path.exists() and PACKAGE in path.parents:
            for entry in polib.pofile(str(path)):
                for said in (entry.msgid, entry.msgid_plural):
                    for part in re.split(r"%\([a-z_]+\)[sd]|%%", said or ""):
                        words = " ".join(part.split())
                        if len(words.split()) >= SENTENCE_WORDS:
                            found[words] = entry.msgid
    return found


def plain(page: str) -> str:
    return " ".join(html.unescape(page).split())


def in_english(page: str) -> list[str]:
    told = plain(page)
    return sorted({whole for part, whole in english().items() if part in told})


def test_catalogues_hold_enough_to_look_for():
    assert len(english()) > 300


@pytest.mark.parametrize("name", MANAGER_PAGES)
def test_page_in_chinese_has_no_english_sentence(street: Street, name: str):
    """As the brand manager sees it, each page that she may open."""
    with undone():
        speak(policy.MANAGER, street, "zh-hans")
        address = reverse(name, args=policy.TABLE[name].args(street.ferrow))
        answer = street.send(policy.MANAGER, "get", address)
        assert answer.status_code == 200
        if answer.headers["Content-Type"].startswith("text/html"):
            assert 'lang="zh-Hans"' in answer.told or "<html" not in answer.told
        assert in_english(answer.told) == []


@pytest.mark.parametrize("status", [400, 403, 404, 405])
def test_refusal_in_chinese_has_no_english_sentence(street: Street, status: int):
    asked: dict[int, tuple[Any, ...]] = {
        400: (
            policy.MANAGER,
            "post",
            reverse("post-hold", args=[street.ferrow.posts["scheduled"].pk]),
            {"reason": "\x07"},
        ),
        403: (policy.MANAGER, "get", "/workspace/"),
        404: (policy.MANAGER, "get", "/posts/999999/"),
        405: (policy.MANAGER, "post", "/team/", {}),
    }
    with undone():
        speak(policy.MANAGER, street, "zh-hans")
        answer = street.send(*asked[status])
    assert answer.status_code == status
    assert in_english(answer.told) == []


def test_search_for_english_finds_it_in_an_english_page(street: Street):
    answer = street.send(CHIEF, "get", "/posts/999999/")
    assert "It was moved or dropped, or it belongs to another brand." in in_english(answer.told)


def test_language_with_a_word_for_a_way_back_is_no_breakdown(client):
    answer = client.post(reverse("language"), {"language": "en", "next": "1"})
    assert answer.status_code == 302
