"""Many passed posts at once: one made through the actions, the others copied row by row.

The copies have words and digests of their own, so that everything an intent asks holds for each.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime

from yanzhen.channels.models import Account
from yanzhen.planning.models import Post, Segment, Version, content_of
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.tests.desk import Desk
from yanzhen.review.models import Round, RoundStep, Verdict


def _again(row, **changes):
    fresh = copy(row)
    fresh._state = copy(row._state)
    fresh._state.fields_cache = dict(row._state.fields_cache)
    fresh._state.adding = True
    fresh.pk = None
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


def stock(desk: Desk, account: Account, count: int, *, due_at: datetime) -> list[Delivery]:
    """Give ``count`` scheduled deliveries of as many passed posts, all due at ``due_at``."""
    first = Post.objects.select_related("version").get(
        pk=desk.timed(desk.passed(account=account), minutes=60).pk
    )
    segment = Segment.objects.get(version=first.version)
    round_ = Round.objects.get(post=first)
    texts = [desk.text() for _ in range(count)]
    posts = Post.objects.bulk_create(
        _again(first, version=None, due_at=due_at, excerpt=text) for text in texts
    )
    versions = [_again(first.version, post=post) for post in posts]
    for version, text in zip(versions, texts, strict=True):
        version.digest = _digest(first, text)
    Version.objects.bulk_create(versions)
    Segment.objects.bulk_create(
        _again(segment, version=version, text=text)
        for version, text in zip(versions, texts, strict=True)
    )
    rounds = Round.objects.bulk_create(
        _again(round_, post=v.post, version=v, digest=v.digest) for v in versions
    )
    for step in RoundStep.objects.filter(round=round_):
        steps = RoundStep.objects.bulk_create(_again(step, round=one) for one in rounds)
        for verdict in Verdict.objects.filter(step=step):
            Verdict.objects.bulk_create(
                _again(verdict, round=one.round, step=one, digest=one.round.digest) for one in steps
            )
    for post, version in zip(posts, versions, strict=True):
        post.version = version
    Post.objects.bulk_update(posts, ["version"])
    _sign_as_written(first, posts)
    template = Delivery.objects.get(post=first)
    made = Delivery.objects.bulk_create(
        _again(template, post=v.post, version=v, digest=v.digest, text=text, due_at=due_at)
        for v, text in zip(versions, texts, strict=True)
    )
    return list(Delivery.objects.filter(pk__in=[d.pk for d in made]).order_by("pk"))


def _digest(first: Post, text: str) -> str:
    content = content_of(first.version)
    (segment,) = content.segments
    changed = copy(segment)
    object.__setattr__(changed, "text", text)
    whole = copy(content)
    object.__setattr__(whole, "segments", (changed,))
    return whole.digest(first.account_id)


def _sign_as_written(first: Post, posts: list[Post]) -> None:
    through = Post.writers.through
    through.objects.bulk_create(
        through(post_id=post.pk, member_id=member)
        for post in posts
        for member in first.writers.values_list("pk", flat=True)
    )
