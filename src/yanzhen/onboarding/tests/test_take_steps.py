"""The first ten minutes: each step does what its room does, all of it or nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.brand.models import BrandFramework
from yanzhen.channels.models import Account
from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.site import as_
from yanzhen.duty.models import Site
from yanzhen.onboarding.actions.progress import NoSuchStep, settle_step
from yanzhen.onboarding.actions.steps import take_way
from yanzhen.onboarding.models import StepMark
from yanzhen.onboarding.queries import next_open, standings_of
from yanzhen.onboarding.states import StepState
from yanzhen.onboarding.steps import STEPS
from yanzhen.onboarding.tests.owner import fresh, make_owner
from yanzhen.people.models import Invitation
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.planning.models import Theme
from yanzhen.review.ways import BY_SLUG, way_of

HATS = ("team_lead", "brand_manager")


def states(member) -> dict[str, str]:
    return {each.step.slug: str(each.state) for each in standings_of(member)}


def guest(n: int, email: str, role: int, name: str = "") -> dict[str, str | int]:
    return {f"p{n}-email": email, f"p{n}-name": name, f"p{n}-role": role, f"p{n}-language": "en"}


def place(n: int, name: str) -> dict[str, str]:
    hours = {"zone": "Europe/Berlin", "start": "09:00", "end": "17:00"}
    return {f"s{n}-{field}": value for field, value in {**hours, "name": name}.items()}


def test_new_workspace_has_seven_open_steps_and_leads_through_them(enter, owner):
    site = enter(owner)
    assert set(states(owner).values()) == {StepState.OPEN}
    sent = {"name": "Nordlicht", "zone": "Europe/Oslo", "language": "zh-hans", "seen": 0}
    answer = site.post(reverse("start-workspace"), sent)
    assert answer.url == reverse("start-people")
    owner.workspace.refresh_from_db()
    owner.user.refresh_from_db()
    found = (owner.workspace.name, owner.workspace.zone, owner.user.language)
    assert found == ("Nordlicht", "Europe/Oslo", "zh-hans")
    assert StepMark.objects.get().by == owner


def test_name_workspace_from_an_older_page_changes_nothing(enter, owner):
    site = enter(owner)
    sent = {"name": "Nordlicht", "zone": "Europe/Oslo", "language": "en", "seen": 9}
    assert site.post(reverse("start-workspace"), sent).status_code == 409
    owner.workspace.refresh_from_db()
    assert owner.workspace.name == "Nord"
    assert not StepMark.objects.exists()


def test_skipped_step_is_kept_and_taken_up_from_another_browser(enter, owner, client_class):
    site = enter(owner)
    assert site.post(reverse("start-skip", args=["workspace"])).url == reverse("start-people")
    other = client_class()
    other.force_login(owner.user)
    page = other.get(reverse("start"))
    assert page.context["following"].step.slug == "people"
    assert states(owner)["workspace"] == StepState.SKIPPED
    assert site.post(reverse("start-skip", args=["nothing"])).status_code == 404


@pytest.fixture
def client_class(client):
    return type(client)


def test_invite_people_is_all_or_nobody_and_keeps_what_was_typed(enter, owner):
    site, creator = enter(owner), owner.workspace.roles.get(slug="creator").pk
    join(owner.workspace, make_user("Bo"), "creator")
    sent = {"rows": 3, **guest(0, "new@example.com", creator, "New")}
    sent |= guest(1, "bo@example.com", creator)
    answer = site.post(reverse("start-people"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Bo is a member already." in page
    assert 'value="new@example.com"' in page
    assert not Invitation.objects.exists()
    twice = sent | guest(1, "NEW@example.com", creator)
    assert "stands above already" in site.post(reverse("start-people"), twice).content.decode()
    assert not Invitation.objects.exists()


def test_invite_people_shows_each_link_once_and_more_rows_keep_the_text(enter, owner):
    site, creator = enter(owner), owner.workspace.roles.get(slug="creator").pk
    sent = {"rows": 3, **guest(0, "a@example.com", creator)}
    more = site.post(reverse("start-people"), {**sent, "more": "1"})
    assert more.content.decode().count("-email") > 6
    assert 'value="a@example.com"' in more.content.decode()
    assert not Invitation.objects.exists()
    sent |= guest(1, "b@example.com", creator)
    page = site.post(reverse("start-people"), sent).content.decode()
    assert page.count("/join/") == 2
    assert site.get(reverse("start-people")).content.decode().count("/join/") == 0
    assert states(owner)["people"] == StepState.DONE


def test_add_places_with_a_taken_name_adds_none(enter, owner):
    site = enter(owner)
    answer = site.post(reverse("start-places"), {**place(0, "Berlin"), **place(1, "Berlin")})
    assert answer.status_code == 422
    assert "Another place has this name" in answer.content.decode()
    assert not Site.objects.exists()
    assert site.post(reverse("start-places"), place(0, "Berlin")).status_code == 302
    assert Site.objects.get().hours == [["09:00", "17:00"]]
    assert site.post(reverse("start-places"), {}).status_code == 422


def test_way_for_one_takes_a_reason_and_gives_the_hats(enter, owner):
    site = enter(owner)
    sent = {"way": "alone", "lead": owner.pk, "manager": owner.pk}
    answer = site.post(reverse("start-way"), sent)
    assert answer.status_code == 422
    assert "Say why nobody else looks" in answer.content.decode()
    answer = site.post(reverse("start-way"), {**sent, "reason": "I am alone"})
    assert answer.status_code == 302
    assert way_of(owner.workspace_id).alone
    assert {role.slug for role in fresh(owner).roles} == {"administrator", *HATS}
    assert states(owner)["way"] == StepState.DONE


def test_take_way_and_its_step_are_one(owner):
    # Bo sets flows, and the first steps are not his to take.
    other = fresh(join(owner.workspace, make_user("Bo"), "brand_manager"))
    before = way_of(owner.workspace_id)
    with pytest.raises(NotAllowed):
        take_way(BY_SLUG["alone"], hats=(), reason="I am alone", by=other, now=NOW)
    assert way_of(owner.workspace_id) == before
    assert before != BY_SLUG["alone"]
    assert not StepMark.objects.exists()


def test_step_without_the_right_says_who_may(enter, owner):
    page = enter(owner).get(reverse("start-words")).content.decode()
    assert "Nobody has this right yet" in page
    join(owner.workspace, make_user("Lena"), "brand_manager")
    site = enter(owner)
    page = site.get(reverse("start-words")).content.decode()
    assert "Lena" in page
    assert "<textarea" not in page
    assert site.post(reverse("start-words"), {"never": "cheap"}).status_code == 403


def test_words_are_published_once_and_theme_is_set(enter):
    owner = make_owner(*HATS)
    site = enter(owner)
    assert site.post(reverse("start-words"), {}).status_code == 422
    answer = site.post(reverse("start-words"), {"never": "cheap\nfree", "must": "Nord"})
    assert answer.status_code == 302
    framework = BrandFramework.objects.get()
    assert [spec.phrases for spec in framework.live.specs] in (
        [("Nord",), ("cheap", "free")],
        [("cheap", "free"), ("Nord",)],
    )
    site.post(reverse("start-words"), {"never": "other"})
    framework.refresh_from_db()
    assert framework.live.number == 1
    assert site.post(reverse("start-theme"), {"name": "Light"}).status_code == 302
    assert str(Theme.objects.get().month_date) == "2026-03-01"


def test_account_step_leads_away_and_back(enter, owner):
    site = enter(owner)
    assert site.post(reverse("start-account")).status_code == 422
    answer = site.post(reverse("start-account"), {"connect": "1"})
    assert answer.url == reverse("accounts-connect")
    line = "Back to the first ten minutes"
    assert line in site.get(reverse("accounts")).content.decode()
    make_account(owner.workspace)
    assert line not in site.get(reverse("start-account")).content.decode()
    assert line not in site.get(reverse("accounts")).content.decode()
    assert site.post(reverse("start-account")).status_code == 302
    assert states(owner)["account"] == StepState.DONE


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_account_step_gives_a_practice_account_for_one_press(practice, owner):
    site = as_(owner)
    assert 'name="practice"' in site.get(reverse("start-account")).content.decode()
    page = site.settled(site.post(reverse("start-account"), {"practice": "1"}))
    assert page.redirect_chain[-1][0] == reverse("start-account")
    text = page.content.decode()
    assert "There is somewhere to publish" in text
    assert ">Practice</span>" in text
    account = Account.objects.get()
    assert (account.name, account.origin) == (owner.workspace.name, "practice")
    assert site.post(reverse("start-account")).status_code == 302
    assert states(owner)["account"] == StepState.DONE


def test_account_step_beside_the_real_x_gives_none(enter, owner):
    site = enter(owner)
    assert 'name="practice"' not in site.get(reverse("start-account")).content.decode()
    assert site.post(reverse("start-account"), {"practice": "1"}).status_code == 404
    assert not Account.objects.exists()


def test_settle_step_keeps_what_was_done_and_asks_the_right(owner):
    settle_step("way", skipped=False, by=owner, now=NOW)
    settle_step("way", skipped=True, by=owner, now=NOW)
    assert StepMark.objects.get().state == StepState.DONE
    with pytest.raises(NoSuchStep):
        settle_step("tea", skipped=False, by=owner, now=NOW)
    other = join(owner.workspace, make_user("Bo"), "creator")
    with pytest.raises(NotAllowed):
        settle_step("theme", skipped=True, by=other, now=NOW)


def test_next_open_goes_forward_and_then_around(owner):
    for slug in ("workspace", "people", "theme"):
        settle_step(slug, skipped=True, by=owner, now=NOW)
    standings = standings_of(owner)
    assert next_open(standings, after=1).step.slug == "places"
    assert next_open(standings, after=7).step.slug == "places"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_step_page_costs_the_same_whatever_was_settled(enter, owner, step):
    site = enter(owner)
    counts = []
    for slugs in ((), ("workspace", "people", "places")):
        for slug in slugs:
            settle_step(slug, skipped=True, by=owner, now=NOW)
        site.get(reverse(step.url_name))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert site.get(reverse(step.url_name)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("It takes a role that you do not have", "Nobody can take", "Put somebody on")),
        ("zh-hans", ("需要你没有的角色", "现在没有人能完成这一步", "安排轮值")),
    ],
)
def test_start_is_true_for_one_person_without_an_account(enter, owner, language, said):
    role, nobody, rota = said
    owner.user.language = language
    owner.user.save(update_fields=["language"])
    site = enter(owner)
    pages = {
        name: site.get(reverse(name)).content.decode()
        for name in ("start", "today", *(step.url_name for step in STEPS))
    }
    # Nobody has the right to the last two steps yet: there is nobody else who takes them.
    assert pages["start"].count(role) == 2
    assert all(nobody in pages[name] for name in ("start-words", "start-theme"))
    assert rota in pages["today"]
    assert "安排顶班" not in pages["today"]
