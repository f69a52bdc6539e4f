from __future__ import annotations

import re

import pytest

from xsim.tests import plain
from xsim.tests.test_posts import made, reply_to
from xsim.words import CHINESE, ENGLISH


@pytest.fixture
def pages(url, sim):
    with plain.Client(base_url=url) as client:
        yield client


def test_index_lists_the_accounts(pages):
    page = pages.get("/")
    assert page.status_code == 200
    assert 'href="/Ferrow_ZH"' in page.text
    assert "Ferrow 中文" in page.text
    assert "Fake X" in page.text


def test_timeline_shows_a_new_post_at_once(pages, ferrow):
    assert "Nothing posted yet" in pages.get("/Ferrow_ZH").text
    made(ferrow, "刚刚发布的一条")
    page = pages.get("/ferrow_zh").text
    assert "刚刚发布的一条" in page
    assert 'lang="zh"' in page


def test_thread_stays_together_in_order(pages, ferrow):
    root = made(ferrow, "First of three")
    second = made(ferrow, "Second of three", reply=reply_to(root))
    made(ferrow, "Something else")
    made(ferrow, "Third of three", reply=reply_to(second))
    page = pages.get("/Ferrow_ZH").text
    (thread,) = [
        part for part in page.split('<section class="thread">') if "First of three" in part
    ]
    order = [thread.index(f"{word} of three") for word in ("First", "Second", "Third")]
    assert order == sorted(order)
    assert "Something else" not in thread


def test_reply_names_what_it_answers(pages, ferrow, sim):
    mention = sim.mention("Ferrow_ZH", by="tessa_vdk", text="Where?")
    made(ferrow, "Here", reply=reply_to(mention))
    page = pages.get("/Ferrow_ZH").text
    assert f'href="/tessa_vdk/status/{mention}"' in page


def test_texts_are_escaped_and_links_work(pages, ferrow, sim):
    sim.add_user("Ferrow_ZH", name="<b>Bold</b>", description="<script>alert(1)</script>")
    made(ferrow, "<script>alert(2)</script> & https://example.com/?a=1&b=\"x\" @Ferrow 'q'")
    page = pages.get("/Ferrow_ZH").text
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert "&lt;script&gt;alert(2)&lt;/script&gt; &amp; " in page
    assert 'href="https://example.com/?a=1&amp;b="' in page
    assert '<a href="/Ferrow">@Ferrow</a>' in page


def test_pages_carry_a_strict_policy_and_no_inline_code(pages, ferrow):
    made(ferrow, "One")
    for path in ("/", "/Ferrow_ZH"):
        page = pages.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|style=|<script(?! type=\"module\" src)|\son\w+=", page.text)


@pytest.mark.parametrize("path", ["/_page/xsim.css", "/_page/xsim.js", "/_page/icon.svg"])
def test_files_are_served_with_their_type(pages, path):
    answer = pages.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("text/css", "text/javascript", "image/svg"))


def test_conversation_page_and_short_address(pages, ferrow, sim):
    root = made(ferrow, "Root of it")
    sim.publish("gear_atlas", "A stranger answers", in_reply_to=root)
    page = pages.get(f"/Ferrow_ZH/status/{root}")
    assert "Root of it" in page.text
    assert "A stranger answers" in page.text
    for path in (f"/i/status/{root}", f"/i/web/status/{root}"):
        assert pages.get(path).headers["location"] == f"/Ferrow_ZH/status/{root}"


def test_unchanged_page_is_answered_with_304(pages, ferrow, sim):
    sim.set_clock("2026-06-01T00:00:00Z")
    tag = pages.get("/Ferrow_ZH").headers["etag"]
    again = pages.get("/Ferrow_ZH", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    sim.publish("Ferrow_ZH", "New")
    assert pages.get("/Ferrow_ZH", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr", "en"),
        ("zh;q=x,,;", "en"),
        ("", "en"),
    ],
)
def test_language_follows_the_browser(pages, wanted, language):
    page = pages.get("/Ferrow", headers={"Accept-Language": wanted}).text
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize(
    "path", ["/nobody", "/Ferrow/status/1", "/i/status/1", "/a/b/c", "/favicon.ico", "/%00"]
)
def test_missing_pages_are_404(pages, path):
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_pages_are_not_written_to(pages):
    assert pages.post("/Ferrow").status_code == 405
    head = pages.head("/Ferrow")
    assert (head.status_code, head.content) == (200, b"")


def test_both_languages_have_every_word():
    assert CHINESE.keys() == ENGLISH.keys()
    assert all(CHINESE.values())
