"""Noting which files hang on which posts, and keeping secret files off open posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yanzhen.planning.content import BadContent, Json
from yanzhen.planning.embargoes import Carried, Embargo, secret_media
from yanzhen.planning.models import Post


def carry(post: Post, extras: Sequence[Json]) -> None:
    """Note the files in ``extras`` (cleaned, as Draft.extras); for the caller's transaction.

    A file that only embargoed posts carry stays off a post without an embargo: hanging it there
    would lift the embargo of the picture, which takes two. Raises BadContent.
    """
    carry_files(post, {use["media"] for extra in extras for use in extra.get("media", [])})


def carry_files(post: Post, files: Iterable[int]) -> None:
    """Note these files by number, as carry does."""
    wanted = set(files)
    if not wanted:
        return
    known = Carried.objects.filter(post=post, media_id__in=wanted)
    fresh = wanted.difference(known.values_list("media_id", flat=True))
    if not fresh:
        return
    embargoed = Embargo.objects.standing().filter(post=post).exists()
    if not embargoed and secret_media(post.workspace_id).filter(pk__in=fresh).exists():
        raise BadContent("media: under embargo")
    Carried.objects.bulk_create(
        [Carried(post=post, media_id=media) for media in sorted(fresh)], ignore_conflicts=True
    )
