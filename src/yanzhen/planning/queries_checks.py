"""What a post is checked against, read in a fixed number of queries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.urls import NoReverseMatch, reverse

from yanzhen.brand.findings import Manuscript, Picture
from yanzhen.brand.queries import Judged, judge, judge_all
from yanzhen.channels.platforms import platform
from yanzhen.library.facts import MediaFacts
from yanzhen.library.models import MediaFile
from yanzhen.library.storing import is_there
from yanzhen.library.words import why_not
from yanzhen.people.models import Member
from yanzhen.planning.asides import asides_of
from yanzhen.planning.checks import Check, Circumstances, Findings, Kin, Twin, brand, find
from yanzhen.planning.content import Content, PostKind, SegmentContent
from yanzhen.planning.likeness import (
    FAR,
    HINT,
    Said,
    compare,
    distance,
    fingerprint,
    hear,
    signs_in,
)
from yanzhen.planning.models import Draft, Post, PostQuerySet, Recurrence
from yanzhen.planning.ports import Standing, outside
from yanzhen.planning.queries_writing import link_tags_of
from yanzhen.planning.recurrence import Rule
from yanzhen.planning.states import WRITABLE

TWIN_WITHIN = timedelta(hours=24)
KIN_WITHIN = timedelta(days=30)
#: So many posts with a near fingerprint are compared word by word, the nearest first.
_MOST_COMPARED = 50
_MOST_KIN_SHOWN = 3


def findings_for(post: Post, content: Content, *, viewer: Member, now: datetime) -> Findings:
    """Check what is written for the account it is meant for.

    Posts that an embargo keeps from the ``viewer`` are not compared: no check may tell of them.
    """
    return find(content, circumstances_of(post, content, viewer=viewer, now=now))


def circumstances_of(
    post: Post, content: Content, *, viewer: Member, now: datetime
) -> Circumstances:
    """Read everything the checks need. ``post`` with account and workspace loaded."""
    account = post.account
    terms = content.terms
    standing = Standing.UNKNOWN
    if terms.reply_to:
        standing = outside().standing(account.pk, terms.reply_to)
    targets = {"reply_to": terms.reply_to, "quote": terms.quote}
    on = platform(account.platform)
    planned, answers = _planned(post)
    stored = _stored(post, content)
    files = {pk: media.facts for pk, media in stored.items()}
    moment = post.due_at or now
    return Circumstances(
        handle=str(account),
        limit=account.text_limit,
        premium=account.premium,
        alt_required=post.workspace.alt_required,
        files=files,
        unfit={pk: why for pk, media in stored.items() if (why := why_not(media.asset, moment))},
        twin=twin_of(post, content.segments, viewer=viewer, now=now),
        kin=kin_of(post, content.texts, viewer=viewer, now=now),
        reply_standing=standing,
        target_urls={name: on.post_url("i", pk) for name, pk in targets.items() if pk},
        planned=planned,
        planned_answers=answers,
        spent_micros=outside().spent_micros(account.pk, now=now),
        rule=_rule(post),
        brand=_brand(post, content, files),
        link_tags=link_tags_of(post),
    )


def _brand(post: Post, content: Content, files: Mapping[int, MediaFacts]) -> Sequence[Judged]:
    if content.kind == PostKind.REPOST:
        return ()
    return judge(post.workspace_id, manuscript_of(post, content, files), about=post.ref)


def brand_checks(post: Post, content: Content) -> list[Check]:
    """Return what the brand framework says of some content of a post, the gravest first."""
    judged = _brand(post, content, _files(post, content))
    return list(brand.check(Circumstances(brand=judged)))


def brand_checks_of_texts(asked: Sequence[tuple[Post, Content]]) -> list[list[Check]]:
    """Return what the framework says of the words of many posts of one workspace.

    Pictures are not looked at. As many queries for many as for one.
    """
    if not asked:
        return []
    manuscripts = [(manuscript_of(post, content, {}), post.ref) for post, content in asked]
    judged = judge_all(asked[0][0].workspace_id, manuscripts)
    return [list(brand.check(Circumstances(brand=each))) for each in judged]


def manuscript_of(post: Post, content: Content, files: Mapping[int, MediaFacts]) -> Manuscript:
    """Return the content as the brand framework reads it."""
    pictures = [
        Picture(number, files[use.media].width, files[use.media].height, use.sha256)
        for number, segment in enumerate(content.segments, 1)
        for use in segment.media
        if use.media in files
    ]
    return Manuscript(content.texts, post.language, pictures, asides_of(content.segments))


def draft_manuscript(post: Post, content: Content) -> Manuscript:
    """Return what is written, with its pictures read from the library."""
    return manuscript_of(post, content, _files(post, content))


def _rule(post: Post) -> Rule | None:
    found = Recurrence.objects.filter(post=post).first()
    if found is None:
        return None
    return Rule(found.step, found.every, found.times, tuple(found.weekdays))


def _files(post: Post, content: Content) -> Mapping[int, MediaFacts]:
    """Return the facts of the files that are there, row and bytes."""
    return {pk: media.facts for pk, media in _stored(post, content).items()}


def _stored(post: Post, content: Content) -> Mapping[int, MediaFile]:
    """Return the files that are there, row and bytes, with what the library knows of them."""
    wanted = {use.media for segment in content.segments for use in segment.media}
    if not wanted:
        return {}
    rows = MediaFile.objects.filter(pk__in=wanted, workspace_id=post.workspace_id)
    rows = rows.select_related("asset__workspace")
    return {media.pk: media for media in rows if is_there(media)}


def _planned(post: Post) -> tuple[int, int]:
    """Count posts and answers the account sends in the day that ends with this one."""
    if post.due_at is None or post.account.premium:
        return 0, 0
    day = Post.objects.live().filter(
        account_id=post.account_id,
        due_at__gt=post.due_at - timedelta(days=1),
        due_at__lte=post.due_at,
    )
    found = day.aggregate(posts=Count("pk"), segments=Sum("segment_count"))
    return found["posts"], (found["segments"] or 0) - found["posts"]


def twin_of(
    post: Post, segments: Sequence[SegmentContent], *, viewer: Member, now: datetime
) -> Twin | None:
    """Return another post of the account within a day of this one that says the same.

    One equal segment is enough: X compares post by post. A post without a time is taken to go out
    now. What is furthest on its way comes first.
    """
    said = {_plainly(segment.text): segment for segment in segments if segment.text.strip()}
    if not said or post.kind == PostKind.REPOST:
        return None
    moment = post.due_at or now
    near = _worded(post, viewer).filter(
        account_id=post.account_id, due_at__range=(moment - TWIN_WITHIN, moment + TWIN_WITHIN)
    )
    own = set(signs_in(fingerprint(segment.text for segment in segments)))
    alike = [pk for pk, signs in _signs(near) if own.intersection(signs)]
    rows = Draft.objects.filter(post__in=alike).select_related("post").order_by("post__due_at")
    twins = [twin for draft in rows for twin in _same(draft, segments, said)]
    return min(twins, key=lambda twin: not twin.going, default=None)


def _same(
    draft: Draft, segments: Sequence[SegmentContent], said: Mapping[str, SegmentContent]
) -> Iterator[Twin]:
    for other in draft.content.segments:
        ours = said.get(_plainly(other.text))
        if ours is not None:
            yield Twin(
                post_id=draft.post_id,
                title=draft.post.shown_title,
                segment=list(segments).index(ours) + 1,
                going=draft.post.state not in WRITABLE,
                plain=not (ours.media or ours.poll or other.media or other.poll),
            )


def _plainly(text: str) -> str:
    """Give a text as X compares it: composed, white space as one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _worded(post: Post, viewer: Member) -> PostQuerySet:
    """Return what the viewer may see of the live posts that say something themselves, without this
    one and its source.
    """
    rows = Post.objects.visible_to(viewer).live().exclude(kind=PostKind.REPOST).exclude(pk=post.pk)
    return rows.exclude(pk=post.source_id) if post.source_id else rows


def _signs(posts: PostQuerySet) -> Iterator[tuple[int, list[int]]]:
    for pk, kept in posts.values_list("pk", "fingerprint"):
        yield pk, signs_in(bytes(kept))


def kin_of(post: Post, texts: Sequence[str], *, viewer: Member, now: datetime) -> list[Kin]:
    """Return posts of the workspace's other accounts that say nearly the same, the likest first.

    Looked at are those due within 30 days of this one (without a time: of now), and those without
    a time that were changed in the last 30 days. Two queries, however many there are.
    """
    own = signs_in(fingerprint(texts))
    if not own or post.kind == PostKind.REPOST:
        return []
    moment = post.due_at or now
    near = _worded(post, viewer).filter(
        Q(due_at__range=(moment - KIN_WITHIN, moment + KIN_WITHIN))
        | Q(due_at=None, updated_at__gte=now - KIN_WITHIN),
        workspace_id=post.workspace_id,
    )
    others = near.exclude(account_id=post.account_id)
    distances = ((distance(own, signs), pk) for pk, signs in _signs(others))
    nearest = sorted(pair for pair in distances if pair[0] <= FAR)[:_MOST_COMPARED]
    rows = Draft.objects.filter(post__in=[pk for _distance, pk in nearest])
    heard = [hear(text) for text in texts]
    kin = [_kin(draft, heard) for draft in rows.select_related("post__account")]
    found = [each for each in kin if each.likeness >= HINT]
    found.sort(key=lambda each: (-each.likeness, not each.going, each.post_id))
    return found[:_MOST_KIN_SHOWN]


def _kin(draft: Draft, heard: Sequence[Said | None]) -> Kin:
    """Compare all segments with all that may be like them, and keep the likest pair."""
    theirs = [each for each in map(hear, draft.texts) if each is not None]
    pairs = [
        (compare(mine, other), -number)
        for number, mine in enumerate(heard, 1)
        if mine is not None
        for other in theirs
        if distance([mine.sign], [other.sign]) <= FAR
    ]
    likest, segment = max(pairs, default=(0.0, -1))
    other = draft.post
    return Kin(
        post_id=other.pk,
        title=other.shown_title,
        account=str(other.account),
        segment=-segment,
        likeness=likest,
        going=other.state not in WRITABLE,
        url=reverse("post", args=[other.pk]),
        repost_url=_address("post-repost", other.pk),
    )


def _address(name: str, *args: int) -> str:
    """Return the address of a page that may not be served."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
