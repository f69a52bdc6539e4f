"""Every page in a real browser: whole, readable, led by keys, and alive without scripts."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from yanzhen.config.tests.looking import AXE, DESK, LANGUAGES, PHONE, Window, english_sentences
from yanzhen.config.tests.reader import NOWHERE, Reader
from yanzhen.config.tests.running import running_copy

pytestmark = pytest.mark.e2e

#: Who opens what. A page without an address of its own is found by a link: where, and which one.
FIXED = {
    "lena": (
        "/ /review/ /review/?queue=team /posts/ /calendar/ /calendar/?view=list /team/ /team/roles/"
        " /plan/export/ /calendar/links/ /calendar/print/"
        " /me/ /me/password/ /me/sessions/ /workspaces/ /accounts/ /accounts/connect/ /failures/"
        " /accounts/health/ /accounts/revoke-all/ /accounts/connect/?step=type"
        " /accounts/connect/?step=portal /accounts/connect/?step=pair"
        " /accounts/connect/?step=scopes"
        " /brand/ /brand/draft/ /brand/draft/trial/ /brand/versions/ /brand/import/"
        " /brand/rules/new/never/"
        f" /archive/ /freeze/ /money/ /notices/ /activity/ /more/ /review/flow/ /review/fast/"
        f" /review/fast/settings/ {NOWHERE}"
    ).split(),
    "zhou": ["/posts/new/", "/freeze/", "/library/"],
    "ada": ["/plan/import/", "/team/invite/", "/workspace/"],
    "": ["/sign-in/", "/password/forgotten/"],
}
FOUND = {
    "lena": [
        ("/review/", ".reviewer__queue a[href^='/review/']"),
        ("/review/", ".reviewer__bar a[href^='/posts/']"),
        ("/posts/?stage=published", ".posts a[href^='/posts/']"),
        ("/posts/?stage=held", ".posts a[href^='/posts/']"),
        ("/posts/?stage=draft", ".posts a[href^='/posts/']"),
        ("/team/", "main a[href^='/team/']:not([href$='roles/'])"),
        ("/accounts/", "main .item a[href^='/accounts/']"),
    ],
    "zhou": [("/", "section[aria-labelledby=dra-h] .item a")],
    "ada": [("/team/roles/", "main a[href^='/team/roles/']")],
}

#: Where the focus is, and whether a reader would see it there.
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const ringed = ring(getComputedStyle(element)) || ring(getComputedStyle(element, "::after"))
    || (element.matches("input") && element.parentElement.matches("label")
      && ring(getComputedStyle(element.parentElement)));
  // The parts inside a date's field are the browser's own.
  const native = element.matches("input[type^=date], input[type=time]");
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 12), box.top + box.height / 2];
  const top = document.elementFromPoint(x, y);
  const clear = !top || element.contains(top) || top.contains(element)
    || top.closest("label")?.contains(element)
    || !top.closest(".bar, .rail, .practice, .reviewer__bar");
  const cover = clear ? "" : `${top.tagName}.${top.className} at ${Math.round(y)}`;
  const name = `${element.tagName.toLowerCase()}.${element.className} ${
    (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 30)}`;
  return {name, ringed: ringed || native, clear, cover};
}"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    with running_copy(tmp_path_factory.mktemp("pages") / "data") as copy:
        yield copy


@pytest.fixture(scope="module")
def state(browser, copy):
    """Lena's cookies, signed in once: sign-in is limited, and slow on purpose."""
    reader = Reader(browser, copy, "lena")
    reader.speak("en")
    kept = reader.context.storage_state()
    reader.leave()
    return kept


def paths_of(reader):
    """Every page this reader is to open, those without a fixed address by their links."""
    key = reader.key
    paths = [*FIXED[key], *(reader.link(*where) for where in FOUND.get(key, ()))]
    if key == "lena":
        under_review = reader.link(*FOUND[key][1])
        paths.append(f"{under_review}versions/")
    if key == "zhou":
        paths.append(f"{paths[-1]}submit/")
    return list(dict.fromkeys(paths))


def read_all(reader, window, language):
    """Open each of the reader's pages; return what is wrong with which."""
    axe, english = AXE.read_text(), english_sentences() if language == "zh-hans" else []
    wrong = {}
    for path in paths_of(reader):
        reader.complaints.clear()
        reader.go(path)
        if language == "en":
            reader.page.evaluate(axe)
        faults = list(window.faults(language, english, axe=language == "en"))
        if faults or reader.complaints:
            wrong[f"{reader.key or 'stranger'} {language} {path}"] = faults + reader.complaints
    return wrong


def test_every_page_is_whole_in_both_languages_sizes_and_themes(browser, copy):
    wrong = {}
    for key in FIXED:
        reader = Reader(browser, copy, key)
        window = Window(reader.page)
        for language in LANGUAGES:
            reader.speak(language)
            wrong |= read_all(reader, window, language)
            window.be(DESK, "light")
        reader.speak("en")
        reader.leave()
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("path", ["/", "/review/", "/posts/", "/calendar/", "/team/"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_focus_is_seen_wherever_tab_leads(browser, copy, state, path, size):
    reader = Reader(browser, copy, "lena", state=state, viewport=size)
    page, lost = reader.go(path), []
    for _press in range(45):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found and not (found["ringed"] and found["clear"]):
            lost.append(found)
    reader.leave()
    assert not lost


def test_the_keyboard_reaches_every_screen_and_every_decision(browser, copy, state):
    reader = Reader(browser, copy, "lena", state=state)
    page, press = reader.go("/"), reader.page.keyboard.press
    page.wait_for_selector("list-cursor:defined")
    press("?")
    page.wait_for_selector("dialog#keys[open]")
    press("Escape")
    page.wait_for_selector("dialog#keys[open]", state="detached")
    for second, path in (("p", "/posts/"), ("c", "/calendar/"), ("t", "/"), ("r", "/review/")):
        press("g")
        press(second)
        page.wait_for_url(f"{copy.url}{path}")
        page.wait_for_load_state()
    rows = page.locator(".reviewer__queue list-cursor .item")
    second = rows.nth(1).locator("a").get_attribute("href")
    press("j")
    page.wait_for_url(f"{copy.url}{second}")
    press("2")
    assert page.locator("main input[name=reason]").nth(1).is_checked()
    press("c")
    assert page.evaluate("document.activeElement.id") == "note"
    page.keyboard.type("Which landing? The number is from row 8.")
    press("Escape")
    title = page.inner_text("#doc")
    press("r")
    page.wait_for_url(f"{copy.url}/review/")
    assert title not in page.inner_text(".reviewer__queue")
    first = page.inner_text("#doc")
    press("a")
    page.wait_for_load_state()
    page.locator("#doc").filter(has_not_text=first).wait_for()
    press("g")
    press("p")
    page.wait_for_url(f"{copy.url}/posts/")
    page.wait_for_selector("list-cursor:defined")
    press("j")
    press("j")
    press("k")
    opened = page.locator(".posts .item").first.locator("a").get_attribute("href")
    press("Enter")
    page.wait_for_url(f"{copy.url}{opened}")
    reader.leave()
    writer = Reader(browser, copy, "zhou")
    writer.page.keyboard.press("n")
    writer.page.wait_for_url(f"{copy.url}/posts/new/")
    writer.leave()
    assert reader.complaints + writer.complaints == []


def test_a_post_goes_its_whole_way_without_scripts(browser, copy):
    zhou, lin, lena = (
        Reader(browser, copy, key, java_script_enabled=False) for key in ("zhou", "lin", "lena")
    )
    for reader in (zhou, lin, lena):
        reader.speak("en")
    due = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3)
    page = zhou.go("/posts/new/")
    page.fill("textarea[name=text]", "不用脚本，也能写。")
    page.fill("input[name=title]", "Without scripts")
    page.select_option("select[name=account]", label="@Ferrow_ZH")
    page.fill("input[name=date]", f"{due:%Y-%m-%d}")
    page.fill("input[name=time]", "17:00")
    page.click("form.begin button.btn--primary")
    page.wait_for_url(re.compile(r"/posts/\d+/$"))
    post = page.url.removeprefix(copy.url)
    page.fill("textarea[name=text]", "不用脚本，也能写，也能改。")
    page.click("noscript button")
    page = zhou.go(post)
    assert page.input_value("textarea[name=text]") == "不用脚本，也能写，也能改。"
    page = zhou.go(f"{post}submit/")
    for box in page.locator("input[name=point]").all():
        box.check()
    page.click("main form button.btn--primary")
    for reviewer in (lin, lena):
        page = reviewer.go("/review/")
        page.click(".reviewer__queue a:has-text('Without scripts')")
        page.click("button[name=verdict][value=pass]")
    page = zhou.go(post)
    expect(page.locator("#standing .stage[data-stage=scheduled]")).to_have_count(1)
    page.click(".studio__time > summary")
    page.fill(".studio__time input[name=time]", "18:30")
    page.click(".studio__time form .btn:not(.btn--quiet)")
    page = zhou.go(post)
    assert "18:30" in page.inner_text("#slug")
    expect(page.locator("#standing .stage[data-stage=scheduled]")).to_have_count(1)
    for reader in (zhou, lin, lena):
        reader.leave()
        assert reader.complaints == []
