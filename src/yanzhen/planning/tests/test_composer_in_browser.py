"""The composer with its scripts: what is typed is saved, kept, or asked about; never lost."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.kernel.clock import now
from yanzhen.library.actions.texts import Wording, add_text, agree_line
from yanzhen.library.models.texts import TextKind
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Draft
from yanzhen.planning.tests.plan import make_post

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def sign_in(page, live_server, member):
    client = Client()
    client.force_login(member.user)
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


@pytest.fixture
def desk(plain_names, live_server, cast, account, page):
    """Give a post of Zhou's and open it for her, signed in."""
    post = make_post(account, cast.zhou, "First words")
    sign_in(page, live_server, cast.zhou)
    page.goto(live_server.url + reverse("post", args=[post.pk]))
    page.wait_for_selector("thread-editor:defined", state="attached")
    page.post = post
    return page


def fields(page):
    return page.locator(".draft textarea")


def typed(page):
    return fields(page).evaluate_all("all => all.map(field => field.value)")


def wait_saved(page, state="saved"):
    page.wait_for_selector(f'[data-save-state="{state}"]')


def stored(page):
    return Draft.objects.get(post=page.post).texts


def test_typing_saves_by_itself_and_moves_the_preview(desk):
    fields(desk).first.fill("Hello @ferrow")
    wait_saved(desk)
    assert stored(desk) == ["Hello @ferrow"]
    assert desk.text_content(".xpost__text .tag") == "@ferrow"


def test_agreed_line_is_asked_for_its_blanks_and_put_at_the_caret(desk, cast):
    words = Wording("Delay", "{flight} is late, {flight} is sorry.", "en", cast.lin)
    line = add_text(TextKind.LINE, wording=words, by=cast.lin, now=now())
    agree_line(line, revision=line.revision, by=cast.lin, now=now())
    gone = Wording("Old", "Never.", "en", cast.lin, expires_at=now())
    agree_line(
        old := add_text(TextKind.LINE, wording=gone, by=cast.lin, now=now()),
        revision=old.revision,
        by=cast.lin,
        now=now(),
    )
    fields(desk).first.fill("Hello . Bye")
    desk.keyboard.press("Home")
    for _ in range(6):
        desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Control+i")
    offered = desk.locator("[data-text]")
    offered.first.wait_for()
    assert offered.all_inner_texts()[0].startswith("Delay")
    expect(offered).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.keyboard.type("FW 7")
    desk.keyboard.press("Enter")
    assert typed(desk) == ["Hello FW 7 is late, FW 7 is sorry.. Bye"]
    wait_saved(desk)
    assert stored(desk) == ["Hello FW 7 is late, FW 7 is sorry.. Bye"]


def test_posts_are_added_split_moved_removed_and_brought_back(desk):
    fields(desk).first.fill("One two")
    fields(desk).first.press("Control+Enter")
    desk.keyboard.type("Three")
    desk.locator("[data-do=up]").nth(1).click()
    assert typed(desk) == ["Three", "One two"]
    desk.evaluate("document.querySelectorAll('.draft textarea')[1].setSelectionRange(3, 3)")
    desk.locator("[data-do=split]").nth(1).click()
    desk.locator("[data-grip]").nth(2).press("ArrowUp")
    assert typed(desk) == ["Three", "two", "One"]
    desk.locator("[data-do=remove]").first.click()
    assert typed(desk) == ["two", "One"]
    desk.click(".draft__gone button")
    wait_saved(desk)
    assert stored(desk) == ["Three", "two", "One"]


def test_a_thread_is_put_in_order_without_a_mouse(desk):
    fields(desk).first.fill("Two")
    desk.keyboard.press("Control+Enter")
    desk.keyboard.type("One")
    desk.keyboard.press("Control+Shift+ArrowUp")
    expect(fields(desk).first).to_have_value("One")
    desk.keyboard.press("Control+Shift+Backspace")
    expect(fields(desk)).to_have_count(1)
    desk.locator(".draft__gone button").focus()
    desk.keyboard.press("z")
    expect(fields(desk)).to_have_count(2)
    wait_saved(desk)
    assert stored(desk) == ["One", "Two"]
    desk.keyboard.press("Control+Shift+o")
    desk.locator("[data-choice]").first.wait_for()


def test_words_typed_offline_are_kept_and_saved_later(desk):
    desk.context.set_offline(True)
    fields(desk).first.fill("On the plane")
    wait_saved(desk, "offline")
    assert stored(desk) == ["First words"]
    desk.context.set_offline(False)
    wait_saved(desk)
    assert stored(desk) == ["On the plane"]


def test_words_the_server_never_got_come_back_on_the_next_visit(desk):
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.route("**/draft/", lambda route: route.abort())
    fields(desk).first.fill("Never sent")
    wait_saved(desk, "offline")
    desk.unroute("**/draft/")
    desk.reload()
    wait_saved(desk)
    assert typed(desk) == ["Never sent"]
    assert stored(desk) == ["Never sent"]


def test_two_writers_choose_and_both_texts_stay(desk, cast):
    save_draft(desk.post, by=cast.lin, texts=["Lin wrote"], revision=1, now=now())
    fields(desk).first.fill("Zhou wrote")
    wait_saved(desk, "conflict")
    assert stored(desk) == ["Lin wrote"]
    desk.locator(".merge label", has_text="Keep both").click()
    with desk.expect_navigation():
        desk.locator(".merge .btn--primary").click()
    assert stored(desk) == ["Lin wrote", "Zhou wrote"]
    desk.locator(".draft").nth(1).wait_for()
    expect(desk.locator(".draft")).to_have_count(2)
    assert desk.post.versions.get().segments.get().text == "Lin wrote"


def test_saving_a_version_by_key_saves_the_words_first(desk):
    fields(desk).first.fill("Worth keeping")
    fields(desk).first.press("Control+s")
    desk.wait_for_selector("#versions b.num")
    assert desk.post.versions.get().segments.get().text == "Worth keeping"


def test_a_long_text_is_spread_over_posts_that_fit(desk):
    fields(desk).first.fill("A sentence of six little words. " * 20)
    desk.evaluate(
        "document.querySelector('.draft textarea')"
        ".dispatchEvent(new ClipboardEvent('paste', {bubbles: true}))"
    )
    desk.locator("[data-do=spread]").first.click()
    wait_saved(desk)
    texts = stored(desk)
    assert len(texts) == 3
    assert all(len(text) <= 280 for text in texts)
    assert " ".join(texts) == ("A sentence of six little words. " * 20).strip()


def test_a_title_without_a_space_stays_on_the_screen(desk):
    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.fill(".titled__field", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2)
    assert desk.evaluate("document.documentElement.scrollWidth") == 1440
