"""Files, polls, terms and neighbours in the browser, from the first paste to review."""

import base64

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import now
from yanzhen.library.models import MediaFile
from yanzhen.library.tests import makers
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.pictures import hung, picture
from yanzhen.planning.tests.plan import make_post
from yanzhen.review.actions.rounds import submit_post
from yanzhen.review.models import CheckPoint

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("store"),
]
PASTE = """([data, name, type]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type }));
  document.querySelector(".draft textarea")
    .dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
SCREENS = [(1440, "en"), (390, "en"), (1440, "zh-hans"), (390, "zh-hans")]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def desk(plain_names, live_server, cast, account, page):
    """Open a post of Zhou's for her, in a language and at a width."""

    def open_post(post=None, *, width=1440, language="en"):
        cast.zhou.user.language = language
        cast.zhou.user.save()
        page.post = post or make_post(account, cast.zhou, "Seat 7A")
        client = Client()
        client.force_login(cast.zhou.user)
        cookie = client.cookies[project.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("post", args=[page.post.pk]))
        page.wait_for_selector("thread-editor:defined", state="attached")
        return page

    return open_post


def paste(page, data, name="window.png", kind="image/png"):
    page.evaluate(PASTE, [base64.b64encode(data).decode(), name, kind])


def png(number):
    return makers.image("PNG", size=(60 + number, 40))


def saved(page, state="saved"):
    page.wait_for_selector(f'[data-save-state="{state}"]')


def segments(page):
    return Draft.objects.select_related("post").get(post=page.post).content.segments


def shots(page):
    return page.locator("[data-shot]")


@pytest.mark.parametrize(("width", "language"), SCREENS)
def test_post_with_picture_and_poll_goes_from_paste_to_review(desk, width, language):
    page = desk(width=width, language=language)
    paste(page, png(1))
    shots(page).first.wait_for()
    act = page.locator("#act a")
    saved(page)
    act.and_(page.locator("[aria-disabled=true]")).wait_for()
    page.locator('#checks [data-check="stop"]').first.wait_for()
    shots(page).locator("textarea").fill("A cabin window at dawn")
    page.locator(".draft textarea").first.press("Control+Enter")
    page.keyboard.type("Which seat?")
    page.locator("[data-do=poll]").nth(1).click()
    page.locator("[data-choice]").first.fill("Window")
    page.locator("[data-choice]").nth(1).fill("Aisle")
    page.select_option("[name=reply_settings]", "verified")
    page.check("[name=made_with_ai]")
    page.locator("#act a[href]").wait_for()
    page.locator(".xpoll li").nth(1).wait_for()
    expect(page.locator(".xmedia img")).to_have_count(1)
    expect(page.locator(".xwho")).to_have_count(1)
    expect(page.locator("#checks")).to_contain_text("$0.035")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture_part, poll_part = segments(page)
    assert [use.alt for use in picture_part.media] == ["A cabin window at dawn"]
    assert poll_part.poll.options == ("Window", "Aisle")
    with page.expect_navigation():
        page.locator("#act a").click()
    expect(page.locator(".parts img")).to_have_count(1)
    for point in page.locator("[name=point]").all():
        point.check()
    with page.expect_navigation():
        page.locator("main form .btn--primary").click()
    assert Post.objects.get(pk=page.post.pk).state == PostState.REVIEW


def test_files_move_by_key_and_come_back_after_they_are_taken_off(desk, cast):
    media = [picture(cast.zhou, size=(90 + n, 80), name=f"{n}.png") for n in range(3)]
    post = create_post(
        account=make_account(cast.workspace, "Two"),
        by=cast.zhou,
        texts=["a"],
        extras=[hung(*media)],
        now=now(),
    )
    page = desk(post)
    shots(page).nth(2).locator("[data-hang=earlier]").press("Enter")
    saved(page)
    assert [use.media for use in segments(page)[0].media] == [
        media[0].pk,
        media[2].pk,
        media[1].pk,
    ]
    shots(page).first.locator("[data-hang=off]").click()
    expect(shots(page)).to_have_count(2)
    page.locator(".hang__gone button").click()
    expect(shots(page)).to_have_count(3)
    saved(page)
    assert segments(page)[0].media[0].media == media[0].pk


def test_segment_takes_its_files_along_when_it_moves_and_goes(desk, cast, account):
    media = picture(cast.zhou)
    post = create_post(
        account=account, by=cast.zhou, texts=["a", "b"], extras=[hung(media)], now=now()
    )
    page = desk(post)
    page.locator("[data-do=down]").first.click()
    saved(page)
    assert [len(segment.media) for segment in segments(page)] == [0, 1]
    page.locator("[data-do=remove]").nth(1).click()
    saved(page)
    assert [len(segment.media) for segment in segments(page)] == [0]
    page.locator(".draft__gone button").click()
    saved(page)
    assert [len(segment.media) for segment in segments(page)] == [0, 1]


def test_only_what_x_takes_together_can_be_hung(desk):
    page = desk()
    for number in range(5):
        paste(page, png(number))
        page.locator("[data-shot], [data-hang-trouble]:not([hidden])").nth(
            min(number, 3)
        ).wait_for()
    page.locator("[data-hang-trouble]:not([hidden])").wait_for()
    expect(shots(page)).to_have_count(4)
    page.locator("[data-do=poll]").first.click()
    assert "no poll beside media" in page.inner_text("[data-hang-trouble]")


def test_refused_file_is_explained_where_it_was_dropped(desk):
    page = desk()
    paste(page, b"MZ this is no picture", "evil.png")
    page.locator("[data-hang-trouble]:not([hidden])").wait_for()
    assert "evil.png" in page.inner_text("[data-hang-trouble]")
    assert not MediaFile.objects.exists()


def test_library_gives_files_in_a_dialog(desk, cast):
    media = picture(cast.zhou)
    page = desk()
    page.locator("[data-do=library]").first.click()
    page.locator("dialog[open] [data-pick]").first.click()
    page.keyboard.press("Escape")
    saved(page)
    assert [use.media for use in segments(page)[0].media] == [media.pk]


def test_cropping_leads_back_with_the_new_image_in_place(desk, cast, account):
    media = picture(cast.zhou)
    post = create_post(account=account, by=cast.zhou, texts=["a"], extras=[hung(media)], now=now())
    page = desk(post)
    page.locator(".draft textarea").first.fill("Words typed just before")
    with page.expect_navigation():
        page.locator("[data-edit]").first.click()
    page.fill("[name=width]", "60")
    with page.expect_navigation():
        page.locator(".edit__form .btn--primary").click()
    assert typed_text(page) == "Words typed just before"
    made = segments(page)[0].media[0]
    assert MediaFile.objects.get(pk=made.media).derived_from_id == media.pk


def typed_text(page):
    return page.locator(".draft textarea").first.input_value()


def test_link_that_names_no_post_is_said_and_words_are_still_saved(desk):
    page = desk()
    page.fill("[name=reply_to]", "https://x.com/ferrow/status/1890000000000000001?s=20")
    page.locator("input[name=quote]").fill("nonsense")
    page.locator("input[name=quote]").press("Tab")
    page.locator("[data-link-error]:not([hidden])").wait_for()
    page.locator(".draft textarea").first.fill("Saved all the same")
    saved(page)
    page.locator("#checks [data-copy-text]").wait_for()
    draft = Draft.objects.get(post=page.post)
    assert draft.texts == ["Saved all the same"]
    assert draft.terms == {"reply_to": "1890000000000000001"}


def test_words_and_files_the_server_never_got_come_back(desk, cast):
    media = picture(cast.zhou)
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/draft/", lambda route: route.abort())
    page.locator("[data-do=library]").first.click()
    page.locator("dialog[open] [data-pick]").first.click()
    page.keyboard.press("Escape")
    saved(page, "offline")
    page.unroute("**/draft/")
    page.reload()
    saved(page)
    assert [use.media for use in segments(page)[0].media] == [media.pk]


def test_two_writers_keep_both_files(desk, cast):
    one, two = picture(cast.zhou), picture(cast.zhou, size=(90, 80))
    page = desk()
    save_draft(page.post, by=cast.lin, texts=["Seat 7A"], extras=[hung(two)], revision=1, now=now())
    page.locator("[data-do=library]").first.click()
    page.locator(f'dialog[open] [data-pick][value="{one.pk}"]').click()
    page.keyboard.press("Escape")
    saved(page, "conflict")
    page.locator(".merge label", has_text="Keep both").click()
    with page.expect_navigation():
        page.locator(".merge .btn--primary").click()
    assert [use.media for use in segments(page)[0].media] == [one.pk, two.pk]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_same_words_on_another_account_are_refused_while_writing(desk, cast, language):
    words = "Four pairs of Aero 2 and one decibel meter flew from Shanghai to Munich in seat 7A."
    other = make_post(make_account(cast.workspace, "Two"), cast.zhou, words, title="The other")
    points = CheckPoint.objects.filter(flow__workspace=cast.workspace)
    submit_post(other, by=cast.zhou, ticks={point.pk: True for point in points}, now=now())
    page = desk(language=language)
    page.locator(".draft textarea").first.fill(f"{words} 🎧")
    stop = page.locator('#checks [data-check="stop"]', has_text="The other")
    stop.wait_for()
    expect(stop.locator(f'a[href="{reverse("post", args=[other.pk])}"]')).to_have_count(1)
    assert page.locator("#act a").get_attribute("aria-disabled") == "true"
