"""No page of the desk needs a mouse: its actions have keys, or are in the palette.

Read from the templates themselves, so that it costs nothing and no branch of a page is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "library",
    "brand",
    "ideas",
    "tasks",
    "planning",
    "review",
    "discussion",
    "search",
    "duty",
    "handoff",
    "notify",
    "people",
    "signin",
    "onboarding",
)
TEMPLATES = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room / "templates").rglob("*.html")
    # Guests are outside: their page has no keys, and no palette over a brand that is not theirs.
    if not path.name.startswith("_guest_") and path.name != "guest.html"
)
#: Signing in, joining and setting a password: no palette is there either, but the enter key.
TEMPLATES = [path for path in TEMPLATES if "base_outside.html" not in path.read_text()]
TEMPLATES.append(ROOT / "publishing/templates/publishing/archive.html")
#: What an element may hold before it ends: template tags, and anything but the end.
TAG = r"(?:\{%.*?%\}|\{\{.*?\}\}|[^<>{])*"
ACTING = re.compile(
    rf"<(?P<tag>a|button|summary)\b(?P<attributes>{TAG})>(?P<words>.*?)</(?P=tag)>", re.DOTALL
)
HEAD = re.compile(
    r'\{% block actions %\}.*?\{% endblock|class="masthead__actions">.*?</form>', re.DOTALL
)
DIALOG = re.compile(r"<(dialog|noscript)\b.*?</\1>", re.DOTALL)
KEY = re.compile(r'data-key="(?P<keys>[^"]*)"')
#: Taken by every page: the palette, the list of keys, undo, the way to other rooms, lists.
TAKEN = {"/", "?", "z", "g", "j", "k", "enter"}


@dataclass(frozen=True)
class Acting:
    """One link, button or fold of a template; ``head``: it stands at the top of the page."""

    attributes: str
    words: str
    head: bool

    @property
    def classes(self) -> set[str]:
        found = re.search(r'class="(.*?)"[\s>]', self.attributes + " ", re.DOTALL)
        return set(re.findall(r"[\w-]+", re.sub(r"\{%.*?%\}", " ", found[1]))) if found else set()

    @property
    def keys(self) -> list[str]:
        return [key for each in KEY.finditer(self.attributes) for key in each["keys"].split()]


def acting(path: Path) -> Iterator[Acting]:
    """Yield what acts in a template; a dialog has its own few keys, and noscript none."""
    text = DIALOG.sub("", path.read_text())
    heads = [each.span() for each in HEAD.finditer(text)]
    for each in ACTING.finditer(text):
        head = any(start <= each.start() < end for start, end in heads)
        yield Acting(each["attributes"], each["words"], head)


def listed_in_the_palette() -> set[str]:
    """Return the classes that the palette offers without a key, read from its own selector."""
    script = (ROOT / "web/assets/js/keys.js").read_text()
    selector = re.search(r"ACTIONS = \"(.*?)\";", script)
    assert selector is not None
    return set(re.findall(r"\.([\w-]+)(?=[,)])", selector[1]))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_actions_of_the_desk_have_a_key_or_are_in_the_palette(path):
    offered = listed_in_the_palette()
    without = []
    for each in acting(path):
        if each.keys or not each.classes & {"btn", "link-btn", "tab", "steps__off", "steps__tick"}:
            continue
        if (each.head and "btn" in each.classes) or "btn--primary" in each.classes:
            without.append(f"needs a key: {each.words}")
        elif not each.classes & offered:
            without.append(f"not in the palette: {each.words}")
    assert not without


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_keys_of_a_page_take_nothing_from_every_page(path):
    keys = KEY.findall(path.read_text())
    taken = [key for each in keys for key in each.split() if key in TAKEN]
    assert not taken
