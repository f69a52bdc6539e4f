"""The draft, its versions, and who may touch them."""

import pytest

from yanzhen.activity.feed import events
from yanzhen.brand.actions.drafting import (
    StaleRule,
    add_rule,
    change_rule,
    discard_draft,
    import_rules,
    put_back_rule,
    remove_rule,
    restore_version,
)
from yanzhen.brand.actions.publishing import NothingNew, publish_framework
from yanzhen.brand.comparing import changes
from yanzhen.brand.models import BrandFramework, Rule
from yanzhen.brand.queries import live_rulebook
from yanzhen.brand.tests.frame import publish, revision_of, rule
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

UNIQUE = rule("never", "Unique", "unique")
LINKS = rule("link", "Links", most=1)


def titles(workspace):
    return sorted(each.title for each in Rule.objects.filter(framework__workspace=workspace))


def last_event():
    return events().objects.order_by("-number").first()


def test_publish_makes_an_immutable_numbered_version_that_counts(cast):
    assert live_rulebook(cast.workspace.pk) is None
    first = publish(cast.lena, UNIQUE)
    second = publish(cast.maya, UNIQUE, LINKS, note="Links too")
    assert (first.number, second.number, second.note) == (1, 2, "Links too")
    assert [spec.title for spec in live_rulebook(cast.workspace.pk).rules] == ["Unique", "Links"]
    assert last_event().data["added"] == 1
    with pytest.raises(TypeError):
        second.save()
    with pytest.raises(TypeError):
        second.delete()


def test_a_draft_changes_nothing_until_it_is_published(cast):
    publish(cast.lena, UNIQUE)
    row = Rule.objects.get()
    changed = change_rule(row, rule("never", "Unique", "rare"), seen=0, by=cast.lena, now=NOW)
    assert live_rulebook(cast.workspace.pk).rules[0].phrases == ("unique",)
    assert (changed.key, changed.revision) == (row.key, 1)
    seen = revision_of(cast.lena)
    publish_framework(note="Rare", seen=seen, by=cast.lena, now=NOW)
    assert live_rulebook(cast.workspace.pk).rules[0].phrases == ("rare",)
    with pytest.raises(NothingNew):
        publish_framework(note="Again", seen=seen, by=cast.lena, now=NOW)


def test_only_those_who_may_touch_the_draft(cast):
    made = add_rule(UNIQUE, by=cast.maya, now=NOW)
    for nobody in (cast.zhou, cast.lin, cast.admin, cast.wu):
        with pytest.raises(NotAllowed):
            change_rule(made, LINKS, seen=0, by=nobody, now=NOW)
    for nobody in (cast.zhou, cast.lin, cast.admin):
        with pytest.raises(NotAllowed):
            add_rule(LINKS, by=nobody, now=NOW)
        with pytest.raises(NotAllowed):
            publish_framework(note="x", seen=1, by=nobody, now=NOW)
        with pytest.raises(NotAllowed):
            import_rules([LINKS], replacing=True, by=nobody, now=NOW)
    assert titles(cast.workspace) == ["Unique"]


def test_the_second_of_two_stale_copies_is_refused(cast):
    made = add_rule(UNIQUE, by=cast.lena, now=NOW)
    change_rule(made, rule("never", "One", "one"), seen=0, by=cast.lena, now=NOW)
    with pytest.raises(StaleRule):
        change_rule(made, rule("never", "Two", "two"), seen=0, by=cast.maya, now=NOW)
    with pytest.raises(StaleRule):
        publish_framework(note="Old", seen=1, by=cast.maya, now=NOW)
    with pytest.raises(StaleRule):
        discard_draft(seen=1, by=cast.maya, now=NOW)
    remove_rule(made, by=cast.lena, now=NOW)
    with pytest.raises(StaleRule):
        change_rule(made, rule("never", "Two", "two"), seen=1, by=cast.maya, now=NOW)


def test_what_was_removed_can_be_put_back_under_its_key(cast):
    publish(cast.lena, UNIQUE, LINKS)
    row = Rule.objects.get(title="Unique")
    remove_rule(row, by=cast.lena, now=NOW)
    put_back_rule(row.key, by=cast.lena, now=NOW)
    framework = BrandFramework.objects.get()
    draft = [each.spec for each in framework.rules.all()]
    assert changes(framework.live.specs, draft) == []


def test_an_old_version_can_be_restored_and_published_again(cast):
    first = publish(cast.lena, UNIQUE)
    publish(cast.lena, LINKS)
    restore_version(first, by=cast.lena, now=NOW)
    third = publish_framework(note="Back", seen=revision_of(cast.lena), by=cast.lena, now=NOW)
    assert (third.number, list(third.specs)) == (3, list(first.specs))
    discard_draft(seen=revision_of(cast.lena), by=cast.lena, now=NOW)
    assert titles(cast.workspace) == ["Unique"]


def test_importing_what_was_exported_changes_nothing(cast):
    version = publish(cast.lena, UNIQUE, LINKS)
    for replacing in (True, False):
        import_rules([LINKS, UNIQUE, UNIQUE], replacing=replacing, by=cast.lena, now=NOW)
        draft = [each.spec for each in BrandFramework.objects.get().rules.all()]
        assert changes(version.specs, draft) == []
    add_rule(LINKS, by=cast.lena, now=NOW)
    assert Rule.objects.order_by("-key").first().key == 3
