"""The writing tools in the composer: ends of posts by key, threads and back, tags on links."""

import pytest
from playwright.sync_api import expect

from yanzhen.kernel.clock import now
from yanzhen.planning.actions.equipping import (
    EndingWords,
    LinkRuleWords,
    keep_ending,
    keep_link_rule,
)
from yanzhen.planning.models import EndingKind, Post
from yanzhen.planning.spreading import spread
from yanzhen.planning.tests.test_composer_in_browser import (
    desk,
    fields,
    plain_names,
    stored,
    typed,
    wait_saved,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["desk", "plain_names"]

LONG = "雁阵轮流领头，谁也不会一直顶风。\n" + "今天轮到谁？大家都笑了！" * 20


def test_long_post_becomes_a_thread_and_exactly_the_same_post_again(desk):
    fields(desk).first.fill(LONG)
    desk.keyboard.press("Control+Shift+L")
    posts = spread(LONG, most=25)
    assert typed(desk) == posts
    wait_saved(desk)
    assert stored(desk) == posts
    desk.click("[data-do=join]")
    assert typed(desk) == [LONG]
    desk.keyboard.press("z")
    assert typed(desk) == posts
    desk.keyboard.press("Escape")
    desk.keyboard.press("y")
    expect(desk.locator(".toast")).to_contain_text("A new draft with the same text", timeout=30_000)
    copied = Post.objects.order_by("pk").last()
    assert (copied.pk != desk.post.pk, copied.draft.texts) == (True, posts)


def test_copy_has_what_is_written_though_a_save_taken_back_is_on_its_way(desk):
    fields(desk).first.fill("Before")
    wait_saved(desk)
    answers = []

    def hold_first(route):
        if answers:
            route.continue_()
        else:
            answers.append((route, route.fetch()))

    desk.route("**/draft/", hold_first)
    fields(desk).first.fill("Meanwhile")
    desk.wait_for_selector('[data-save-state="saving"]')
    while not answers:
        desk.wait_for_timeout(50)
    assert stored(desk) == ["Meanwhile"]
    fields(desk).first.fill("Before")
    desk.keyboard.press("Escape")
    desk.keyboard.press("y")
    route, answer = answers[0]
    route.fulfill(response=answer)
    expect(desk.locator(".toast")).to_contain_text("A new draft with the same text", timeout=30_000)
    assert Post.objects.order_by("pk").last().draft.texts == ["Before"]


def test_endings_and_tags_are_put_there_by_key_and_taken_back(desk, cast, account):
    tags = EndingWords(EndingKind.HASHTAGS, "Flock", "#Geese #雁阵", account)
    keep_ending(None, words=tags, revision=0, by=cast.lin, now=now())
    rule = LinkRuleWords(["ferrow.com"], "x", "social", "", "", None)
    keep_link_rule(None, words=rule, revision=0, by=cast.maya, now=now())
    fields(desk).first.fill("Read ferrow.com/a #geese")
    desk.keyboard.press("Control+e")
    desk.locator("[data-endings] [data-text]").first.wait_for()
    desk.keyboard.press("Enter")
    expect(fields(desk).first).to_have_value("Read ferrow.com/a #geese\n\n#雁阵")
    desk.keyboard.press("Control+z")
    expect(fields(desk).first).to_have_value("Read ferrow.com/a #geese")
    wait_saved(desk)
    desk.locator("[data-fix]").first.wait_for()
    desk.keyboard.press("Control+.")
    tagged = "Read ferrow.com/a?utm_source=x&utm_medium=social #geese"
    expect(fields(desk).first).to_have_value(tagged)
    wait_saved(desk)
    expect(desk.locator("[data-fix]")).to_have_count(0)
    assert stored(desk) == [tagged]
