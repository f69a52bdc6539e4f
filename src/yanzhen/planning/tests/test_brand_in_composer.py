"""The brand framework beside the text: what bars the way, what may stand, and for which words."""

import re

import pytest
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.brand.models import Override
from yanzhen.brand.ports import past_posts
from yanzhen.brand.rules import Severity
from yanzhen.brand.tests.frame import publish, rule
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.starting import copy_post
from yanzhen.planning.actions.timing import mark
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.checks import CheckKind
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import findings_for
from yanzhen.planning.tests.plan import copy_of, make_post, passed

UNIQUE = rule("never", "Show it", "unique", replacement="rare", why="Nobody can check it.")
SOFT = rule("never", "Plainly", "utilize", severity=Severity.WARNING)
HINT = rule("mention", "Names", most=0, severity=Severity.HINT)


@pytest.fixture
def odd(cast, account):
    publish(cast.lena, UNIQUE, SOFT, HINT)
    return make_post(account, cast.zhou, "A unique seat. Utilize it, @wu.")


def kinds(post):
    post = Post.objects.select_related("account", "workspace").get(pk=post.pk)
    found = findings_for(post, post.draft.content, viewer=post.author, now=NOW)
    return {each.brand.finding.rule.title: each.kind for each in found.checks if each.brand}


def asked(page, post, **more):
    """Return the form that lets the first error stand, as the page offers it."""
    text = page.get(reverse("post", args=[post.pk]) + "?part=checks").content.decode()
    hidden = dict(re.findall(r'name="(rule|digest)" value="(\w+)"', text))
    return {**hidden, "reason": "The lawyer agreed.", **more}


def let_stand(page, post, form):
    return page.post(reverse("post-let-stand", args=[post.pk]), form)


def test_checks_weigh_as_the_rules_do_and_offer_the_replacement(cast, odd, enter):
    assert kinds(odd) == {
        "Show it": CheckKind.STOP,
        "Plainly": CheckKind.LOOK,
        "Names": CheckKind.HINT,
    }
    text = enter(cast.zhou).get(reverse("post", args=[odd.pk])).content.decode()
    assert "Nobody can check it." in text
    assert re.search(
        r'data-fix="1" data-from="2" data-to="8" data-old="unique" data-new="rare"', text
    )
    assert "Let it stand" not in text


def test_an_error_stands_for_exactly_these_words(cast, odd, enter):
    page = enter(cast.lin)
    form = asked(page, odd)
    assert let_stand(page, odd, {**form, "reason": " "}).status_code == 422
    assert let_stand(page, odd, {**form, "digest": "0" * 64}).status_code == 409
    assert let_stand(page, odd, {**form, "rule": "0" * 64}).status_code == 409
    assert not Override.objects.exists()
    assert let_stand(page, odd, form).status_code == 302
    assert let_stand(page, odd, form).status_code == 302
    assert Override.objects.count() == 1
    assert kinds(odd)["Show it"] is CheckKind.LOOK
    assert set(asked(page, odd)) == {"reason"}
    event = events().objects.about("planning.post", str(odd.pk)).get(kind="brand.rule_overridden")
    assert (event.data["reason"], event.data["digest"]) == ("The lawyer agreed.", form["digest"])
    save_draft(odd, by=cast.zhou, texts=["A unique seat!"], revision=1, now=NOW)
    assert kinds(odd)["Show it"] is CheckKind.STOP


def test_an_error_that_stands_does_not_stand_in_a_copy_or_against_another_rule(cast, odd, enter):
    page = enter(cast.lin)
    let_stand(page, odd, asked(page, odd))
    mark(copy_of(odd), "drop", now=NOW)
    assert kinds(copy_post(copy_of(odd), by=cast.zhou, now=NOW))["Show it"] is CheckKind.STOP
    publish(cast.lena, rule("never", "Show it", "unique"))
    assert kinds(odd)["Show it"] is CheckKind.STOP


def test_letting_stand_is_for_those_who_may(cast, odd, enter):
    form = asked(enter(cast.lin), odd)
    assert let_stand(enter(cast.zhou), odd, form).status_code == 403
    assert let_stand(enter(cast.wu), odd, form).status_code == 404
    assert not Override.objects.exists()


def test_past_posts_are_those_that_went_out_in_their_approved_words(
    cast, account, django_assert_num_queries
):
    def went_out(*texts):
        post = passed(make_post(account, cast.zhou, *texts), cast.zhou)
        Post.objects.filter(pk=post.pk).update(state="published")

    make_post(account, cast.zhou, "Still a draft.")
    passed(make_post(account, cast.zhou, "Not out yet."), cast.zhou)
    went_out("One.", "Two.")
    with django_assert_num_queries(2):
        (first,) = past_posts().recent(cast.workspace.pk, most=9)
    assert list(first.texts) == ["One.", "Two."]
    went_out("Three.")
    went_out("Four.")
    with django_assert_num_queries(2):
        assert len(list(past_posts().recent(cast.workspace.pk, most=9))) == 3
    assert len(list(past_posts().recent(cast.workspace.pk, most=1))) == 1
    assert not list(past_posts().recent(cast.wu.workspace_id, most=9))


def test_a_poll_is_checked_and_let_stand_for_its_own_choices_only(cast, account, enter):
    publish(cast.lena, UNIQUE)
    post = make_post(account, cast.zhou, "Which seat?")
    poll = {"poll": {"options": ["A unique one", "Another"], "minutes": 60}}
    save_draft(post, by=cast.zhou, texts=["Which seat?"], extras=[poll], revision=1, now=NOW)
    assert kinds(post) == {"Show it": CheckKind.STOP}
    text = enter(cast.lin).get(reverse("post", args=[post.pk]) + "?part=checks").content.decode()
    assert "Poll choice 1: “unique”" in text
    # Its place is not one of the text, so nothing offers to go there or to write there.
    assert "data-from" not in text
    assert "Write instead: rare" in text
    assert let_stand(enter(cast.lin), post, asked(enter(cast.lin), post)).status_code == 302
    assert kinds(post) == {"Show it": CheckKind.LOOK}
    poll["poll"]["options"][0] = "The unique one"
    post = copy_of(post)
    save_draft(post, by=cast.zhou, texts=["Which seat?"], extras=[poll], revision=2, now=NOW)
    assert kinds(post) == {"Show it": CheckKind.STOP}
