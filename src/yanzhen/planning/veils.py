"""What an embargo keeps from members in the rooms below: log lines, and files of the library."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yanzhen.activity import veils as log
from yanzhen.library import veils as library
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member
from yanzhen.planning.embargoes import Embargo, veiled_media, veiled_posts
from yanzhen.planning.models import Version


def _embargoes(member: Member) -> QuerySet[Any, Any]:
    return Embargo.objects.against(member)


def _versions(member: Member) -> QuerySet[Any, Any]:
    return Version.objects.filter(post_id__in=veiled_posts(member))


log.veil("planning.post", _embargoes, ground=veiled_posts, column="post_id", told=True)
log.veil("planning.version", _versions, ground=veiled_posts)


def _assets(member: Member) -> QuerySet[Any, Any]:
    return MediaFile.objects.filter(pk__in=veiled_media(member))


log.veil("library.mediafile", veiled_media, ground=veiled_posts)
log.veil("library.asset", _assets, ground=veiled_posts, column="asset_id")
library.veil(veiled_media)
