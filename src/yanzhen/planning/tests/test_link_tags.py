"""Tags on links: what a rule asks for, what is said of it, and that nothing changes by itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.equipping import (
    ChangedMeanwhile,
    LinkRuleWords,
    keep_link_rule,
    remove_link_rule,
)
from yanzhen.planning.link_tags import LinkTags, wanting, with_tags
from yanzhen.planning.models import Campaign, Draft, LinkRule
from yanzhen.planning.queries_checks import findings_for
from yanzhen.planning.tests.plan import copy_of, make_post

RULE = LinkTags(("ferrow.com", "new.example"), (("utm_source", "x"), ("utm_campaign", "夏")))
SUMMER = "utm_campaign=%E5%A4%8F"


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("https://ferrow.com", f"https://ferrow.com/?utm_source=x&{SUMMER}"),
        ("ferrow.com", f"ferrow.com/?utm_source=x&{SUMMER}"),
        ("www.ferrow.com/a?b=1#top", f"www.ferrow.com/a?b=1&utm_source=x&{SUMMER}#top"),
        ("https://shop.ferrow.com/a", f"https://shop.ferrow.com/a?utm_source=x&{SUMMER}"),
        ("https://ferrow.com/?utm_source=mail", f"https://ferrow.com/?utm_source=x&{SUMMER}"),
        (f"https://ferrow.com/?{SUMMER}&utm_source=x", ""),
        (
            f"https://ferrow.com/?utm_source=x&utm_source=x&{SUMMER}",
            f"https://ferrow.com/?utm_source=x&{SUMMER}",
        ),
        ("https://new.example/a.", f"https://new.example/a?utm_source=x&{SUMMER}."),
        ("https://notferrow.com/a", ""),
        ("https://ferrow.com.evil.net/a", ""),
    ],
)
def test_link_is_asked_for_the_tags_of_its_site(link, wanted):
    text = f"看这里 {link} 🪿 今天"
    tagged = text.replace(link, wanted or link)
    assert with_tags(text, [RULE]) == tagged
    assert list(wanting(tagged, [RULE])) == []


def test_link_that_says_otherwise_is_told_apart_from_one_that_says_nothing():
    text = "ferrow.com/a ferrow.com/b?utm_source=mail"
    assert [each.other for each in wanting(text, [RULE])] == [False, True]


def words(*domains, account=None, **values):
    said = {"source": "x", "medium": "social", "campaign": "{campaign}", "content": "", **values}
    return LinkRuleWords(domains=domains or ("ferrow.com",), account=account, **said)


def keep(member, rule=None, revision=0, **said):
    return keep_link_rule(rule, words=words(**said), revision=revision, by=member, now=NOW)


def asked(post, member):
    post = copy_of(post)
    found = findings_for(post, Draft.objects.get(post=post).content, viewer=member, now=NOW)
    return [each.fixes[0].text for each in found.looks if each.fixes]


def test_check_fills_in_the_posts_campaign_and_prefers_its_accounts_rule(cast, account):
    text = "Read ferrow.com/a"
    post = make_post(account, cast.zhou, text)
    assert asked(post, cast.zhou) == []
    keep(cast.maya)
    assert asked(post, cast.zhou) == ["ferrow.com/a?utm_source=x&utm_medium=social"]
    summer = Campaign.objects.create(workspace=cast.workspace, name="Summer", code="summer")
    change_details(post, by=cast.zhou, title="", account=account, campaign=summer, now=NOW)
    tags = "utm_medium=social&utm_campaign=summer"
    assert asked(post, cast.zhou) == [f"ferrow.com/a?utm_source=x&{tags}"]
    own = keep(cast.maya, account=account, source="x-{account}")
    keep(cast.maya, account=make_account(cast.workspace, "ferrow_cn"), source="never")
    assert asked(post, cast.zhou) == [f"ferrow.com/a?utm_source=x-{account.handle}&{tags}"]
    remove_link_rule(own, removed=True, by=cast.maya, now=NOW)
    assert asked(post, cast.zhou) == [f"ferrow.com/a?utm_source=x&{tags}"]
    assert Draft.objects.get(post=post).texts == [text], "nothing changes by itself"


def test_rule_is_kept_by_who_plans_and_never_over_somebody_elses(cast, account):
    with pytest.raises(NotAllowed):
        keep(cast.zhou)
    with pytest.raises(NotAllowed):
        keep(cast.wu, account=account)
    rule = keep(cast.maya)
    keep(cast.lena, rule, rule.revision, source="x2")
    with pytest.raises(ChangedMeanwhile):
        keep(cast.maya, rule, rule.revision, source="mine")
    assert LinkRule.objects.get().source == "x2"
    kinds = events().objects.filter(kind__startswith="planning.link_rule").values_list("kind")
    assert [kind for (kind,) in kinds] == ["planning.link_rule_kept"] * 2


FORM = {"domains": "https://www.Ferrow.com/path, 例子.中国", "source": "x", "revision": "0"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"domains": "localhost"}, "“localhost” is no domain"),
        ({"domains": " ,\n"}, "Name at least one domain"),
        ({"domains": "\n".join(f"a{n}.com" for n in range(21))}, "Name 20 domains at most"),
        ({"source": ""}, "This field is required"),
        ({"source": "a b"}, "Use letters, figures"),
        ({"medium": "social."}, "Use letters, figures"),
        ({"content": "{colour}"}, "Nothing stands for {colour}"),
        ({"account": "99999"}, "Select a valid choice"),
    ],
)
def test_rule_form_says_what_is_wrong_and_keeps_nothing(enter, cast, wrong, why):
    answer = enter(cast.maya).post(reverse("link-rule-new"), {**FORM, **wrong})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not LinkRule.objects.exists()


def test_rule_pages_keep_change_remove_and_bring_back(enter, cast):
    client = enter(cast.maya)
    client.post(reverse("link-rule-new"), FORM)
    rule = LinkRule.objects.get()
    assert rule.domains == ["ferrow.com", "例子.中国"]
    page = reverse("link-rule", args=[rule.pk])
    assert client.post(page, {**FORM, "domains": "ferrow.com"}).status_code == 409
    client.post(page, {**FORM, "domains": "ferrow.com", "revision": "1"})
    assert "utm_source=x" in client.get(reverse("link-rules")).content.decode()
    remove = reverse("link-rule-remove", args=[rule.pk])
    told = client.post(remove, headers={"HX-Request": "true"}).headers["HX-Trigger"]
    assert f"{remove}?back=yes" in told
    assert "utm_source=x" not in client.get(reverse("link-rules")).content.decode()
    client.post(f"{remove}?back=yes")
    rule.refresh_from_db()
    assert (rule.domains, rule.removed_at, rule.revision) == (["ferrow.com"], None, 4)


def test_plain_form_puts_the_tags_on_every_link(enter, cast, account):
    keep(cast.maya, campaign="")
    post = make_post(account, cast.zhou, "a", "b")
    texts = ["ferrow.com/a and ferrow.com/b", "other.com"]
    sent = {"text": texts, "revision": "1", "do": "tags"}
    enter(cast.zhou).post(reverse("post-draft", args=[post.pk]), sent)
    tags = "?utm_source=x&utm_medium=social"
    saved = [f"ferrow.com/a{tags} and ferrow.com/b{tags}", "other.com"]
    assert Draft.objects.get(post=post).texts == saved
