"""Two people at one draft, and a comment on words of it, in a real browser."""

from __future__ import annotations

import time

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.discussion.models import GONE_AFTER, Thread
from yanzhen.discussion.tests.talk import fresh, kinds_about, said, told
from yanzhen.planning.models import Draft
from yanzhen.planning.tests.plan import make_post
from yanzhen.review.tests.rounds import submitted, waiting_step

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BEAT = "document.querySelector('post-presence').beat()"


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def sign_in(member, page, live_server):
    client = Client()
    client.force_login(member.user)
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def open_as(member, page, live_server, post):
    sign_in(member, page, live_server)
    page.goto(live_server.url + reverse("post", args=[post.pk]))
    page.wait_for_selector("post-presence:defined", state="attached")
    page.locator("#talk-h").wait_for()
    return page


@pytest.fixture
def post(plain_names, account, cast):
    return make_post(account, cast.zhou, "First words")


def field(page):
    return page.locator(".draft textarea").first


def write(page, words, state="saved"):
    field(page).fill(words)
    page.wait_for_selector(f'[data-save-state="{state}"]')


def stored(post):
    return Draft.objects.get(post=post).texts


def test_two_browsers_at_one_draft_lose_nothing(page, live_server, cast, post):
    zhou = open_as(cast.zhou, page, live_server, post)
    write(zhou, "Zhou wrote")
    context = page.context.browser.new_context()
    lin = open_as(cast.lin, context.new_page(), live_server, post)
    lin.get_by_text("Zhou has been writing here since").wait_for()
    lin.get_by_text("Zhou is writing").wait_for()
    assert field(lin).input_value() == "Zhou wrote"
    assert not field(lin).is_editable()
    # Zhou's line is down: what she types now is on her page alone.
    zhou.route("**/draft/", lambda route: route.abort())
    write(zhou, "Zhou wrote more", "offline")
    with lin.expect_navigation():
        lin.get_by_role("button", name="Take over writing").click()
    lin.locator("#talk-h").wait_for()
    assert field(lin).is_editable()
    write(lin, "Lin wrote")
    zhou.evaluate(BEAT)
    zhou.get_by_text("Lin took over writing at").wait_for()
    assert field(zhou).input_value() == "Zhou wrote more"
    assert stored(post) == ["Lin wrote"]
    zhou.unroute("**/draft/")
    zhou.wait_for_selector('[data-save-state="conflict"]')
    zhou.locator(".merge label", has_text="Keep both").click()
    with zhou.expect_navigation():
        zhou.locator(".merge .btn--primary").click()
    assert stored(post) == ["Lin wrote", "Zhou wrote more"]
    zhou.get_by_text("Lin took over writing at").wait_for()
    assert not field(zhou).is_editable()
    assert kinds_about(post) == ["pen_taken"]
    # Lin leaves the page, and the pen is free before she would have been given up.
    lin.goto(live_server.url + reverse("posts"))
    left = time.monotonic()
    while not field(zhou).is_editable():
        assert time.monotonic() - left < GONE_AFTER.seconds / 2
        zhou.wait_for_timeout(500)
        zhou.evaluate(BEAT)
    context.close()


def test_words_selected_are_commented_on_with_a_name_chosen_by_keys(page, live_server, cast, post):
    # Lena may not write, so she reads the text.
    open_as(cast.lena, page, live_server, post)
    page.evaluate(
        """() => {
            const text = document.querySelector(".draft__read").firstChild;
            getSelection().setBaseAndExtent(text, 6, text, 11);
        }"""
    )
    page.get_by_role("button", name="Comment on this passage").click()
    expect(page.locator("[name=quote]")).to_have_value("words")
    page.keyboard.type("Which, @Li")
    page.get_by_role("option", name="Lin", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    page.keyboard.press("Control+Enter")
    thread = page.locator("article.said")
    thread.wait_for()
    assert "Which, @Lin ?" in thread.inner_text()
    assert Thread.objects.get().quote == "words"
    assert (told(cast.lin), told(cast.zhou)) == (["mentioned"], ["commented"])
    thread.get_by_role("link", name="Show it in the text").click()
    assert page.evaluate("getSelection().toString()") == "words"
    # Without a mouse: c opens the form, and the answer is sent from the keyboard.
    page.keyboard.press("c")
    page.locator("[data-new] [name=body]:focus").wait_for()
    page.get_by_role("button", name="Resolve").click()
    page.get_by_text("Everything is resolved.").wait_for()
    page.locator("toast-region [data-undo]").click()
    thread.wait_for()


def test_desk_discussion_is_answered_resolved_and_made_a_task_by_keys(
    plain_names, page, live_server, cast, account
):
    round_ = submitted(account, cast.zhou, "Geese take turns.")
    said(round_.post, cast.zhou, "The whole post.")
    thread = said(round_.post, cast.zhou, "Which?", quote="take turns").thread
    sign_in(cast.lin, page, live_server)
    page.goto(live_server.url + reverse("review"))
    page.wait_for_selector("discussion-panel:defined")
    # With no discussion under the cursor the key is nobody's.
    page.keyboard.press("x")
    page.keyboard.press("d")
    page.keyboard.press("j")
    page.locator(f"#{thread.anchor}:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator(f"#{thread.anchor} textarea:focus").wait_for()
    page.keyboard.type("The grey ones.")
    page.keyboard.press("Control+Enter")
    page.locator(".said__words", has_text="The grey ones.").wait_for()
    # Where one was, so that the next key means the same discussion.
    page.locator(f"#{thread.anchor}:focus").wait_for()
    # The last words of one's own are changed and removed from there too.
    page.keyboard.press("w")
    page.locator(f"#{thread.anchor} [data-change] textarea:focus").wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.type(" All of them.")
    page.keyboard.press("Control+Enter")
    page.locator(".said__words", has_text="The grey ones. All of them.").wait_for()
    page.locator(f"#{thread.anchor}:focus").wait_for()
    page.keyboard.press("Backspace")
    page.locator(".said__words", has_text="The grey ones.").wait_for(state="detached")
    page.locator(f"#{thread.anchor}:focus").wait_for()
    page.keyboard.press("x")
    page.locator(f"#{thread.anchor}").wait_for(state="detached")
    assert (fresh(thread).state, Thread.objects.open().count()) == ("resolved", 1)
    page.locator("toast-region [data-undo]").last.click()
    page.get_by_role("link", name="Show it in the text").click()
    assert page.evaluate("getSelection().toString()") == "take turns"
    page.keyboard.press("d")
    page.keyboard.press("j")
    page.keyboard.press("t")
    page.wait_for_url(f"**/tasks/new/?comment={thread.comments.first().pk}")
    assert page.locator("[name=title]").input_value() == "Which?"
    assert waiting_step(round_).state == "now"


def test_words_being_typed_outlast_whatever_replaces_the_panel(page, live_server, cast, post):
    asked = said(post, cast.lin, "Which words?").thread
    done = said(post, cast.lin, "Too long.").thread
    open_as(cast.zhou, page, live_server, post)
    page.keyboard.press("c")
    page.locator("[data-new] [name=body]:focus").wait_for()
    page.keyboard.type("Also this")
    page.locator(f"#{asked.anchor} summary").click()
    answer = page.locator(f"#{asked.anchor} [data-answer] textarea")
    page.locator(f"#{asked.anchor} textarea:focus").wait_for()
    page.keyboard.type("Half an answer")
    # Pressed elsewhere.
    page.locator(f"#{done.anchor}").get_by_role("button", name="Resolve").click()
    page.locator(f"#{done.anchor}").wait_for(state="detached")
    assert answer.is_visible()
    assert answer.input_value() == "Half an answer"
    assert page.locator("[data-new] [name=body]").input_value() == "Also this"
    # Out of sight, and back.
    page.get_by_role("link", name="Resolved").click()
    page.locator(f"#{done.anchor}").wait_for()
    page.locator("discussion-panel").get_by_role("link", name="Open", exact=True).click()
    page.locator(f"#{asked.anchor}").wait_for()
    assert answer.input_value() == "Half an answer"
    # The panel fetches itself while one types: what others said comes, and the cursor stays.
    answer.focus()
    answer.evaluate("field => field.setSelectionRange(5, 7)")
    said(post, cast.lin, "Meanwhile.")
    page.evaluate("document.querySelector('discussion-panel').dispatchEvent(new Event('again'))")
    page.get_by_text("Meanwhile.").wait_for()
    page.keyboard.type("of")
    assert answer.input_value() == "Half of answer"
    # Not in the middle of a character, but after it.
    said(post, cast.lin, "And then.")
    panel = page.locator("discussion-panel")
    answer.dispatch_event("compositionstart")
    with page.expect_response("**/discussion/**"):
        panel.dispatch_event("again")
    page.wait_for_timeout(100)
    assert page.get_by_text("And then.").count() == 0
    answer.dispatch_event("compositionend")
    page.get_by_text("And then.").wait_for()
    page.keyboard.press("Control+Enter")
    page.locator(".said__words", has_text="Half of answer").wait_for()
    expect(answer).to_have_value("")
    expect(page.locator("[data-new] [name=body]")).to_have_value("Also this")
