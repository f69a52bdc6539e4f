"""The posts around: the same words elsewhere, and how much X takes in a day."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yanzhen.planning.checks.circumstances import Circumstances, Kin, Twin
from yanzhen.planning.checks.findings import Check, CheckKind, Way
from yanzhen.planning.content import Content
from yanzhen.planning.likeness import NEAR

#: What X takes in a day from an account that is not verified, since May 2026.
MOST_PLANNED, MOST_ANSWERS = 50, 200
_WORTH_SAYING = 0.8


def check(content: Content, around: Circumstances) -> Iterator[Check]:
    """Look at the posts around this one."""
    if around.twin is not None:
        yield _same_account(around.twin)
    for kin in around.kin:
        yield _other_account(kin)
    yield from _caps(around)
    yield from _again(around)


def _same_account(twin: Twin) -> Check:
    title = _("Same words as “%(title)s”") % {"title": twin.title}
    if twin.going and twin.plain:
        text = _(
            "Both go out within 24 hours on this account, and X refuses the second. Change the "
            "words, or move one by a day."
        )
        return Check(CheckKind.STOP, title, text, twin.segment)
    text = _("Both go out within 24 hours on this account. X refuses duplicates.")
    return Check(CheckKind.LOOK, title, text, twin.segment)


def _other_account(kin: Kin) -> Check:
    words = {"title": kin.title, "account": kin.account, "percent": int(kin.likeness * 100)}
    ways = (Way(_("See the other post"), kin.url),) if kin.url else ()
    if kin.likeness < NEAR:
        title = _("Much like “%(title)s” of %(account)s (%(percent)d%%)") % words
        text = _("X wants no nearly identical posts from several accounts. Say it differently.")
        return Check(CheckKind.LOOK, title, text, kin.segment, ways)
    if kin.likeness == 1:
        title = _("The same post as “%(title)s” of %(account)s") % words
    else:
        title = _("Nearly the same as “%(title)s” of %(account)s (%(percent)d%%)") % words
    if not kin.going:
        text = _(
            "Only one of the two may go out: X forbids the same post on several accounts. The "
            "other is still a draft."
        )
        return Check(CheckKind.LOOK, title, text, kin.segment, ways)
    text = _(
        "X forbids the same post on several accounts. Say it differently, or repost the other one "
        "from this account."
    )
    if kin.repost_url:
        ways = (*ways, Way(_("Repost it from this account"), kin.repost_url))
    return Check(CheckKind.STOP, title, text, kin.segment, ways)


def _caps(around: Circumstances) -> Iterator[Check]:
    if around.premium:
        return
    posts, answers = around.planned, around.planned_answers
    if posts > MOST_PLANNED * _WORTH_SAYING or answers > MOST_ANSWERS * _WORTH_SAYING:
        words = {
            "posts": posts,
            "answers": answers,
            "most_posts": MOST_PLANNED,
            "most_answers": MOST_ANSWERS,
        }
        text = _(
            "X takes %(most_posts)d posts and %(most_answers)d replies a day from an account that "
            "is not verified. Planned within 24 hours: %(posts)d posts and %(answers)d replies, "
            "later posts of a thread among these."
        )
        yield Check(CheckKind.LOOK, _("Near X’s limit for the day"), text % words)


def _again(around: Circumstances) -> Iterator[Check]:
    rule = around.rule
    if rule is not None and rule.step == "day" and rule.every == 1:
        text = _("X refuses the same words within about a day. Leave more days between.")
        yield Check(CheckKind.LOOK, _("Goes out every day with the same words"), text)
