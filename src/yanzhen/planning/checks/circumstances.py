"""What a post is checked against, as values: the account, the library, and the posts around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yanzhen.brand.queries import Judged
from yanzhen.channels.models import PLAIN_LIMIT
from yanzhen.library.facts import MediaFacts
from yanzhen.planning.link_tags import LinkTags
from yanzhen.planning.ports import Standing
from yanzhen.planning.recurrence import Rule


@dataclass(frozen=True, slots=True)
class Twin:
    """Another post of the same account, within a day, with the same words in one segment.

    ``segment`` of ours, from 1. ``going``: it is in review or further, so it will be there first.
    ``plain``: neither has media or a poll, so that X cannot tell the two apart.
    """

    post_id: int
    title: str
    segment: int
    going: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """A post of another account that says nearly the same. ``likeness`` 1 is word for word."""

    post_id: int
    title: str
    account: str
    segment: int
    likeness: float
    going: bool
    url: str = ""
    repost_url: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything the checks need to know beside the content.

    ``limit`` is in X's units for one post. ``files`` holds the facts of each media file by number;
    one that is not in it is gone. ``unfit`` says of some why they may not be used when the post is
    due, and what to do. ``target_urls`` are the public addresses of what is answered and quoted.
    ``planned`` and ``planned_answers`` count what the account sends within a day. ``brand`` is what
    the brand framework says of the text, ``link_tags`` what links should carry.
    """

    handle: str = ""
    limit: int = PLAIN_LIMIT
    premium: bool = False
    alt_required: bool = True
    files: Mapping[int, MediaFacts] = field(default_factory=dict)
    unfit: Mapping[int, str] = field(default_factory=dict)
    twin: Twin | None = None
    kin: Sequence[Kin] = ()
    reply_standing: Standing = Standing.UNKNOWN
    target_urls: Mapping[str, str] = field(default_factory=dict)
    planned: int = 0
    planned_answers: int = 0
    spent_micros: int | None = None
    rule: Rule | None = None
    brand: Sequence[Judged] = ()
    link_tags: Sequence[LinkTags] = ()
