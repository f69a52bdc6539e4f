"""How long the brand framework takes: 500 rules against the longest texts there can be.

Run it as ``.venv/bin/python -m bench.brand``. Figures are process seconds; aim: a few ms a text.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yanzhen.brand.rules import RuleSpec

RULES = 500
LONGEST = 25_000
DICE = random.Random(5)  # noqa: S311 -- texts to measure with


def _rules(words: list[str], signs: list[str]) -> list[RuleSpec]:
    """Return half the rules in English words, half in Chinese ones, three phrases each."""
    from yanzhen.brand.rules import Language, RuleKind, RuleSpec, Severity  # noqa: PLC0415 -- set up

    def rule(key: int, language: Language, phrases: tuple[str, ...]) -> RuleSpec:
        return RuleSpec(
            key, RuleKind.NEVER, Severity.ERROR, language, f"Rule {key}", phrases=phrases
        )

    half = RULES // 2
    english = [rule(n, Language.ENGLISH, tuple(DICE.sample(words, 3))) for n in range(half)]
    chinese = [
        rule(half + n, Language.CHINESE, tuple("".join(DICE.choices(signs, k=3)) for _ in "abc"))
        for n in range(half)
    ]
    excused = rule(RULES, Language.CHINESE, ("最",))
    return [*english, *chinese, replace(excused, unless=("最近",))]


def main() -> None:
    """Print one line for each text: the best of five."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
    import django  # noqa: PLC0415 -- needs the line above

    django.setup()
    from yanzhen.brand.checking import Manuscript, Rulebook  # noqa: PLC0415 -- needs the setup

    letters = "abcdefghijklmnopqrst"
    words = ["".join(DICE.choices(letters, k=DICE.randint(3, 9))) for _ in range(4000)]
    signs = [chr(DICE.randint(0x4E00, 0x7000)) for _ in range(2000)]
    begun = time.process_time()
    book = Rulebook(_rules(words, signs))
    print(f"{'compiling 500 rules':<30}{(time.process_time() - begun) * 1000:>10.2f} ms")
    texts = {
        "a usual post": " ".join(DICE.choices(words, k=40)),
        "25,000 English characters": " ".join(DICE.choices(words, k=6000))[:LONGEST],
        "25,000 Chinese characters": "".join(DICE.choices(signs, k=LONGEST)),
        "25,000 of both": "".join(DICE.choices(signs + words, k=LONGEST))[:LONGEST],
        "25,000 times one beginning": book.rules[-1].phrases[0][:2] * (LONGEST // 2),
        "25,000 of what is excused": "最近" * (LONGEST // 2),
        "25,000 of links": "a.de/ " * (LONGEST // 6),
        "25,000 accents": "e\u0301" * (LONGEST // 2),
    }
    for name, text in texts.items():
        best = float("inf")
        for _ in range(5):
            begun = time.process_time()
            book.check(Manuscript([text]))
            best = min(best, time.process_time() - begun)
        print(f"{name:<30}{best * 1000:>10.2f} ms")


if __name__ == "__main__":
    main()
