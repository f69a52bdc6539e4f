"""What ideas announce."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class IdeaTold:
    """Payload of what says no more than who and which."""


@dataclass(frozen=True, slots=True)
class IdeaOwned:
    """Payload of ideas.owned. ``owner`` is a name."""

    owner: str


@dataclass(frozen=True, slots=True)
class IdeaDrafted:
    """Payload of ideas.drafted. ``posts`` are numbers, ``count`` how many."""

    posts: list[int]
    count: int


@dataclass(frozen=True, slots=True)
class IdeaFiles:
    """Payload of ideas.files_added and ideas.file_removed. ``files`` are names."""

    files: str


ADDED = announce(Kind("ideas.added", IdeaTold, _("%(actor)s had an idea: “%(subject)s”")))
EDITED = announce(Kind("ideas.edited", IdeaTold, _("%(actor)s changed the idea “%(subject)s”")))
OWNED = announce(
    Kind("ideas.owned", IdeaOwned, _("%(actor)s gave the brief “%(subject)s” to %(owner)s"))
)
BRIEFED = announce(
    Kind("ideas.briefed", IdeaTold, _("%(actor)s makes a brief of the idea “%(subject)s”"))
)
UNBRIEFED = announce(
    Kind("ideas.unbriefed", IdeaTold, _("%(actor)s put “%(subject)s” back among the ideas"))
)
DRAFTED = announce(
    Kind("ideas.drafted", IdeaDrafted, _("%(actor)s started drafts from “%(subject)s”: %(count)s"))
)
DROPPED = announce(Kind("ideas.dropped", IdeaTold, _("%(actor)s dropped the idea “%(subject)s”")))
RESTORED = announce(
    Kind("ideas.restored", IdeaTold, _("%(actor)s brought the idea “%(subject)s” back"))
)
VOTED = announce(Kind("ideas.voted", IdeaTold, _("%(actor)s is for the idea “%(subject)s”")))
UNVOTED = announce(
    Kind("ideas.unvoted", IdeaTold, _("%(actor)s is no longer for the idea “%(subject)s”"))
)
FILES_ADDED = announce(
    Kind("ideas.files_added", IdeaFiles, _("%(actor)s added files to “%(subject)s”: %(files)s"))
)
FILE_REMOVED = announce(
    Kind("ideas.file_removed", IdeaFiles, _("%(actor)s took a file off “%(subject)s”: %(files)s"))
)
