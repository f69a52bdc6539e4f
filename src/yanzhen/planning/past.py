"""The posts that went out, for those below who want to try something on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse

from yanzhen.brand import ports
from yanzhen.planning.asides import asides_of
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Post, Segment, content_of, texts_of
from yanzhen.planning.states import PostState

_CHUNK = 500
WENT_OUT = (PostState.PUBLISHED, PostState.PARTIAL)


@dataclass(frozen=True, slots=True)
class WentOut:
    """Knows what went out, in the words that were approved."""

    def recent(self, workspace_id: int, *, most: int) -> Iterator[ports.PastPost]:
        """Yield the newest posts first, a chunk of rows at a time."""
        segments = Prefetch(
            "version__segments",
            queryset=Segment.objects.only("version", "position", "text", "extras"),
        )
        rows = (
            Post.objects.filter(workspace_id=workspace_id, state__in=WENT_OUT)
            .exclude(version=None)
            # Whoever tries something on these may be on no list.
            .exclude(pk__in=Embargo.objects.standing().values("post_id"))
            .select_related("account", "version")
            .prefetch_related(segments)
            .order_by("-due_at", "-pk")[:most]
        )
        for post in rows.iterator(chunk_size=_CHUNK):
            assert post.version is not None  # noqa: S101 -- those without are left out above
            yield ports.PastPost(
                title=post.shown_title,
                url=reverse("post", args=[post.pk]),
                account=str(post.account),
                language=post.language,
                at=post.due_at,
                texts=texts_of(post.version),
                asides=asides_of(content_of(post.version).segments),
            )


ports.tell(WentOut())
