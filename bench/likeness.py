"""How long it takes to find out whether somebody said that already, among 10,000 posts of a month.

Run with ``python -m bench.likeness [POSTS]``; prints figures, asserts nothing. Aim: under 200 ms,
in two queries. Also prints how far apart the fingerprints of alike and of other texts lie, which is
where likeness.FAR comes from.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yanzhen.channels.models import Account
    from yanzhen.people.models import Member

ROUNDS = 15
PAIRS = 2000
WORDS = [
    "seat",
    "window",
    "engine",
    "baby",
    "row",
    "flight",
    "case",
    "wheel",
    "quiet",
    "loud",
    "night",
    "morning",
    "lounge",
    "gate",
    "aisle",
    "meal",
    "trolley",
    "battery",
    "repair",
    "strap",
    "zip",
    "colour",
    "weight",
    "cabin",
    "crew",
    "landing",
    "cloud",
    "runway",
    "ticket",
    "delay",
]
SIGNS = "座位靠窗引擎宝宝上海飞机行李箱轮子安静夜晚早晨候机口过道餐车电池维修背带拉链颜色重量"


def main() -> None:
    """Fill a month of two accounts, then look for neighbours of one post."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as data:
        os.environ["YANZHEN_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
        import django  # noqa: PLC0415 -- settings first

        django.setup()
        _distances()
        _measure(posts)


def _text(dice: random.Random) -> str:
    if dice.random() < 0.3:  # noqa: PLR2004 -- a third of the demo team writes Chinese
        return "".join(dice.choice(SIGNS) for _each in range(dice.randint(20, 90)))
    return " ".join(dice.choice(WORDS) for _each in range(dice.randint(12, 45)))


def _reworked(text: str, dice: random.Random) -> str:
    """Change one word in eight, or one character."""
    spaced = " " in text
    parts = text.split(" ") if spaced else list(text)
    for _each in range(max(1, len(parts) // 8)):
        parts[dice.randrange(len(parts))] = dice.choice(WORDS if spaced else SIGNS)
    return (" " if spaced else "").join(parts)


def _distances() -> None:
    from yanzhen.planning.likeness import (  # noqa: PLC0415 -- settings first
        FAR,
        HINT,
        SIGN_BITS,
        distance,
        likeness,
        sign,
        signs_in,
    )

    dice = random.Random(7)  # noqa: S311 -- figures, not secrets
    alike, other = [], []
    for _each in range(PAIRS):
        text = _text(dice)
        changed = _reworked(text, dice)
        apart = distance(signs_in(sign(text)), signs_in(sign(changed)))
        if likeness(text, changed) >= HINT:
            alike.append(apart)
        other.append(distance(signs_in(sign(text)), signs_in(sign(_text(dice)))))
    lost = sum(each > FAR for each in alike)
    sent = sum(each <= FAR for each in other)
    sys.stdout.write(
        f"{len(alike)} pairs of likeness {HINT} and more: {statistics.mean(alike):.0f} of "
        f"{SIGN_BITS} bits apart, at most {max(alike)}; beyond {FAR}, so never compared: {lost}\n"
        f"{len(other)} pairs of other texts: {statistics.mean(other):.0f} bits apart; "
        f"compared in vain: {sent}\n"
    )


def _measure(posts: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- settings first
    from django.db import connection  # noqa: PLC0415 -- settings first
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- settings first

    from yanzhen.channels.tests.accounts import make_account  # noqa: PLC0415 -- settings first
    from yanzhen.people.tests.cast import NOW, make_cast  # noqa: PLC0415 -- settings first
    from yanzhen.planning.actions.writing import create_post  # noqa: PLC0415 -- settings first
    from yanzhen.planning.queries_checks import kin_of  # noqa: PLC0415 -- settings first

    call_command("migrate", verbosity=0)
    cast = make_cast()
    dice = random.Random(11)  # noqa: S311 -- figures, not secrets
    texts = [_text(dice) for _each in range(posts)]
    _fill(make_account(cast.workspace, "Two"), cast.zhou, texts)
    account = make_account(cast.workspace, "One")
    sys.stdout.write(f"{posts} posts of another account in the month, {connection.vendor}\n")
    for name, words in (
        ("other words", [_text(dice)]),
        ("the same words", [texts[posts // 2]]),
        ("nearly the same words", [_reworked(texts[posts // 3], dice)]),
        ("a thread of 25", [_text(dice) for _each in range(25)]),
    ):
        post = create_post(account=account, by=cast.zhou, texts=words, now=NOW)
        times = []
        for _each in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                start = time.perf_counter()
                found = kin_of(post, words, now=NOW)
                times.append((time.perf_counter() - start) * 1000)
        sys.stdout.write(
            f"{name:>22}: median {statistics.median(times):6.1f} ms, worst {max(times):6.1f} ms, "
            f"{len(queries)} queries, {len(found)} found\n"
        )


def _fill(account: Account, author: Member, texts: Sequence[str]) -> None:
    """Write rows straight in: ten thousand actions would only take time."""
    from yanzhen.people.tests.cast import NOW  # noqa: PLC0415 -- settings first
    from yanzhen.planning.likeness import fingerprint  # noqa: PLC0415 -- settings first
    from yanzhen.planning.models import Draft, Post  # noqa: PLC0415 -- settings first

    rows = Post.objects.bulk_create(
        Post(
            workspace=account.workspace,
            account=account,
            author=author,
            excerpt=text[:120],
            fingerprint=fingerprint([text]),
            due_wall="2026-03-10T10:00",
            due_zone="UTC",
            due_at=NOW + timedelta(minutes=4 * number),
            state_since_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
        for number, text in enumerate(texts)
    )
    Draft.objects.bulk_create(
        Draft(post=row, texts=[text], saved_by=author, saved_at=NOW)
        for row, text in zip(rows, texts, strict=True)
    )


if __name__ == "__main__":
    main()
