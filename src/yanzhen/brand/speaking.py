"""Which texts a rule in one language is for."""

from __future__ import annotations

import re

from yanzhen.brand.rules import Language

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def speaks(language: str, of_post: str, text: str) -> bool:
    """Tell whether words of a rule's language may be met in a text.

    English is looked for in posts in English and in Chinese, which borrows from it, but not in
    others: a German gift is poison. Chinese is looked for wherever Chinese characters stand,
    except in Japanese and Korean posts. A post of unknown language is taken to be both.
    """
    if language == Language.ANY:
        return True
    of_post = of_post.lower()
    if language == Language.ENGLISH:
        return of_post.startswith(("en", "zh")) or not of_post
    return not of_post.startswith(("ja", "ko")) and _HAN.search(text) is not None


def speaks_itself(language: str, of_post: str) -> bool:
    """Tell whether a post is in a rule's language: for rules about the post as a whole."""
    if language == Language.ANY or not of_post:
        return True
    return of_post.lower().startswith("en" if language == Language.ENGLISH else "zh")
