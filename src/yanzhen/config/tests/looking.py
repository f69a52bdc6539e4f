"""What a critical reader sees on a page, at the desk and on a phone, light and dark."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import polib

ROOT = Path(__file__).resolve().parents[4]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PACKAGE = ROOT / "src" / "yanzhen"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
#: A folder for a picture of every page in every form, to be looked at by a person; "" for none.
SHOTS = os.environ.get("SHOTS", "")
TALLEST = 2600  # pixels of a page in a picture
FORMS = ((PHONE, "light"), (DESK, "dark"), (DESK, "light"))
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

#: What is wrong with the page as it stands, in words, given its width and what it must not say.
FAULTS = """({width, lang, english}) => {
  const faults = [];
  const say = (element) => `${element.tagName.toLowerCase()}.${element.className} "${
    element.textContent.trim().slice(0, 40)}"`;
  const seen = (element) => element.checkVisibility({visibilityProperty: true});
  const root = document.documentElement;
  if (root.lang !== lang) faults.push(`lang is ${root.lang}`);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${headings} h1`);
  if (!document.title.trim()) faults.push("no title");
  if (root.scrollWidth > width) {
    const wide = [...document.querySelectorAll("main *")].filter(
      (each) => seen(each) && each.getBoundingClientRect().right > width + 1
        && !each.closest(".scroll-x, .reviewer__queue"));
    faults.push(`${root.scrollWidth - width}px too wide: ${wide.slice(0, 2).map(say).join(", ")}`);
  }
  for (const each of document.querySelectorAll("button, .btn, .chip, .stage, .count, select")) {
    if (!seen(each) || each.closest(".sr-only") || each.clientWidth === 0) continue;
    if (each.scrollWidth > each.clientWidth + 1) faults.push(`runs over: ${say(each)}`);
  }
  for (const row of document.querySelectorAll(".item, .row, .section__head, .masthead, .bar")) {
    const parts = [...row.children].filter((part) => seen(part) && part.textContent.trim()
      && !part.matches(".sr-only, .pop, dialog"));
    parts.forEach((part, at) => {
      const a = part.getBoundingClientRect();
      for (const other of parts.slice(at + 1)) {
        const b = other.getBoundingClientRect();
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 2 && down > 2) faults.push(`lies over: ${say(part)} and ${say(other)}`);
      }
    });
  }
  const known = new Set(english);
  const own = (element) => element.closest("[lang]") === root && !element.closest("[translate=no]");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim().replace(/\\s+/g, " ");
    const parent = walk.currentNode.parentElement;
    if (known.has(text) && !parent.closest("script, style, kbd") && own(parent)) {
      faults.push(`not translated: ${text}`);
    }
  }
  for (const each of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    for (const name of ["aria-label", "title", "placeholder"]) {
      if (known.has(each.getAttribute(name)) && own(each)) {
        faults.push(`not translated: ${name} ${each.getAttribute(name)}`);
      }
    }
  }
  return [...new Set(faults)];
}"""

AXE_RUN = """async (tags) => {
  const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return violations.map((found) => `axe ${found.id}: ${found.nodes.slice(0, 2).map((node) =>
    node.target.join(" ") + " " + (node.failureSummary ?? "").slice(0, 160)).join("; ")}`);
}"""


class Window:
    """A window that can be made a phone's and dark without loading its page again."""

    def __init__(self, page):
        self.page = page
        self.wire = page.context.new_cdp_session(page)

    def be(self, size, theme):
        touch = size is PHONE
        self.wire.send("Emulation.setTouchEmulationEnabled", {"enabled": touch})
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")

    def faults(self, language, english, *, axe):
        told = {"lang": LANGUAGES[language], "english": english}
        for size, theme in FORMS if not SHOTS else (*FORMS, (PHONE, "dark")):
            self.be(size, theme)
            where = f"{size['width']} {theme}"
            if SHOTS:
                self._keep(f"{language} {where}")
            if theme == "light":
                found = self.page.evaluate(FAULTS, told | {"width": size["width"]})
                yield from (f"{where}: {fault}" for fault in found)
            if axe:
                yield from (f"{where}: {fault}" for fault in self.page.evaluate(AXE_RUN, CRITERIA))

    def _keep(self, form):
        page = urlsplit(self.page.url).path.strip("/").replace("/", ".") or "today"
        path = Path(SHOTS) / page / f"{form}.png"
        height = min(self.page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        width = self.page.viewport_size["width"]
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        self.page.screenshot(path=path, full_page=True, clip=clip)


def english_sentences():
    """What a Chinese page must not say: every msgid that Chinese says otherwise.

    Languages go by the name they give themselves, and a date's pattern is no sentence.
    """
    told = set()
    for catalogue in PACKAGE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(catalogue), encoding="utf-8"):
            if entry.msgstr and entry.msgstr != entry.msgid and entry.msgctxt != "date format":
                told.add(" ".join(entry.msgid.split()))
    return sorted(told - {"English"})
