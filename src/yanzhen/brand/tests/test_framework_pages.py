"""The pages: reading, writing, trying on past posts, files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yanzhen.brand import ports
from yanzhen.brand.models import BrandFramework, Rule
from yanzhen.brand.tests.frame import publish, revision_of, rule
from yanzhen.people.tests.cast import NOW

UNIQUE = rule("never", "Unique", "unique", replacement="rare", why="Nobody can check it.")
LINKS = rule("link", "Links", most=1)


def told(answer):
    return answer.content.decode()


def test_page_shows_the_live_framework_to_everybody(cast, enter):
    page = enter(cast.zhou)
    assert "No brand framework yet" in told(page.get(reverse("brand")))
    publish(cast.lena, UNIQUE, rule("never", "极限", "最", language="zh_Hans"))
    text = told(page.get(reverse("brand")))
    assert "Nobody can check it." in text
    assert "uniquely" not in text
    assert reverse("brand-draft") not in text
    assert "极限" not in told(page.get(reverse("brand") + "?language=en"))


def test_a_rule_is_written_changed_and_published(cast, enter):
    page = enter(cast.lena)
    asked = {"title": "Unique", "severity": "error", "language": "en", "phrases": ""}
    new = reverse("brand-rule-new", args=["never"])
    answer = page.post(new, asked)
    assert answer.status_code == 422
    assert "Say which words it is about" in told(answer)
    page.post(new, {**asked, "phrases": "unique\r\n\r\nunique\r\nrare "})
    row = Rule.objects.get()
    assert row.phrases == ["unique", "rare"]
    page.post(reverse("brand-rule", args=[row.pk]), {**asked, "phrases": "unique", "seen": 0})
    stale = page.post(reverse("brand-rule", args=[row.pk]), {**asked, "phrases": "x", "seen": 0})
    assert stale.status_code == 409
    assert "Somebody else changed this rule" in told(stale)
    seen = revision_of(cast.lena)
    assert page.post(reverse("brand-publish"), {"note": "", "seen": seen}).status_code == 422
    assert page.post(reverse("brand-publish"), {"note": "A", "seen": seen - 1}).status_code == 409
    page.post(reverse("brand-publish"), {"note": "A", "seen": seen})
    assert BrandFramework.objects.get().live.specs[0].phrases == ("unique",)


@pytest.fixture
def past():
    class Past:
        def recent(self, workspace_id, *, most):
            texts = (("A unique seat.",), ("Fine.",), ("a.com b.com",))
            for number, each in enumerate(texts):
                yield ports.PastPost(f"Post {number}", f"/posts/{number}/", "@f", "en", NOW, each)

    before = list(ports._told)
    ports.tell(Past())
    yield
    ports._told[:] = before


def test_trial_says_what_the_draft_would_have_flagged(cast, enter, past):
    publish(cast.lena, UNIQUE)
    enter(cast.lena).post(
        reverse("brand-rule-new", args=["link"]),
        {"title": "Links", "severity": "error", "language": "any", "most": 1},
    )
    line = told(enter(cast.lena).get(reverse("brand-trial") + "?part=line"))
    assert "Would have flagged 2" in line
    assert "<html" not in line
    text = told(enter(cast.lena).get(reverse("brand-trial")))
    assert "Would have flagged 2" in text
    assert "1 of them passes under the live version" in text
    assert "Post 0" in text
    assert "Post 1" not in text


def file_of(text):
    return SimpleUploadedFile("rules.csv", text.encode())


def test_a_file_is_imported_whole_or_not_at_all(cast, enter):
    page = enter(cast.lena)
    bad = file_of("kind,title,phrases\nnever,A,unique\nnever,B,\n")
    answer = page.post(reverse("brand-import"), {"file": bad, "mode": "add"})
    assert answer.status_code == 422
    assert "phrases: Say which words" in told(answer)
    assert answer.context["parked"] == ""
    good = file_of("kind,title,phrases\nnever,A,unique\nnever,B,rare\n")
    answer = page.post(reverse("brand-import"), {"file": good, "mode": "add"})
    assert not Rule.objects.exists()
    parked = answer.context["parked"]
    other = enter(cast.maya).post(reverse("brand-import-confirm"), {"parked": parked})
    assert other.status_code == 422
    enter(cast.lena).post(reverse("brand-import-confirm"), {"parked": parked})
    assert Rule.objects.count() == 2


@pytest.mark.parametrize("name", ["brand", "brand-draft", "brand-versions"])
def test_pages_cost_as_many_queries_for_many_rules_as_for_one(
    cast, enter, name, django_assert_num_queries, django_assert_max_num_queries
):
    page = enter(cast.lena)
    publish(cast.lena, UNIQUE)
    page.get(reverse(name))
    with django_assert_max_num_queries(40) as first:
        page.get(reverse(name))
    publish(cast.lena, UNIQUE, LINKS, *(rule("never", f"R{n}", f"w{n}") for n in range(9)))
    publish(cast.lena, UNIQUE, LINKS)
    with django_assert_num_queries(len(first.captured_queries)):
        page.get(reverse(name))
