"""What planning tells the library: the posts its files hang on, and words that were used before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from yanzhen.library import ports
from yanzhen.library.ports import Beginning, Used
from yanzhen.planning.models import Draft, Post


def posts_used(ids: Sequence[str]) -> Mapping[str, Used]:
    """Return these posts as the library shows them; one query."""
    posts = Post.objects.filter(pk__in=[int(pk) for pk in ids])
    return {
        str(post.pk): Used(
            title=post.shown_title,
            url=reverse("post", args=[post.pk]),
            stage=post.get_state_display(),
            at=post.due_at,
            language=post.language,
        )
        for post in posts
    }


def words_of_post(workspace_id: int, pk: int) -> Beginning | None:
    """Return what a post of that workspace says, its segments with an empty line between."""
    draft = Draft.objects.select_related("post").filter(post=pk, post__workspace_id=workspace_id)
    found = draft.first()
    if found is None:
        return None
    body = "\n\n".join(text for text in found.texts if text.strip())
    return Beginning(found.post.shown_title, body, found.post.language)


ports.tell_uses("planning.post", posts_used)
ports.tell_beginnings(words_of_post)
