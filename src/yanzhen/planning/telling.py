"""What planning tells the library: the posts its files hang on, and words that were used before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from yanzhen.library import ports
from yanzhen.library.ports import Beginning, Used
from yanzhen.people.models import Member
from yanzhen.planning.models import Draft, Post


def posts_used(viewer: Member, ids: Sequence[str]) -> Mapping[str, Used]:
    """Return those of these posts that ``viewer`` may see, as the library shows them; one query."""
    posts = Post.objects.visible_to(viewer).filter(pk__in=[int(pk) for pk in ids])
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


def words_of_post(member: Member, pk: int) -> Beginning | None:
    """Return what a post says that the member may see, an empty line between its segments."""
    posts = Post.objects.visible_to(member).filter(pk=pk)
    found = Draft.objects.select_related("post").filter(post__in=posts).first()
    if found is None:
        return None
    body = "\n\n".join(text for text in found.texts if text.strip())
    return Beginning(found.post.shown_title, body, found.post.language)


ports.tell_uses("planning.post", posts_used)
ports.tell_beginnings(words_of_post)
