"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class TaskCreated:
    """Payload of tasks.created. ``source`` is "hand", "post", "comment", "review",
    "repeat" or "demo".
    """

    column: str
    source: str


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """Payload of tasks.moved: column titles as the actor saw them."""

    before: str
    column: str


@dataclass(frozen=True, slots=True)
class TaskFollowed:
    """Payload of what a linked post did to a task. ``number`` is the post's."""

    before: str
    column: str
    post: str
    number: int


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """Payload of tasks.changed: the names of the fields."""

    fields: list[str]


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """Payload of tasks.assigned; names of members, and the number of the new one (0 for nobody)."""

    before: str
    assignee: str
    number: int


@dataclass(frozen=True, slots=True)
class TaskAbout:
    """Payload of what is said of a task and one other thing: an item, a task, a post."""

    what: str


@dataclass(frozen=True, slots=True)
class TaskPlain:
    """Payload of what needs no further words. ``due`` is the wall time, "" for none."""

    due: str


@dataclass(frozen=True, slots=True)
class ColumnsChanged:
    """Payload of tasks.columns_changed."""

    columns: list[str]


def _kind(slug: str, payload: type[DataclassInstance], sentence: str | Promise) -> Kind:
    return announce(Kind(f"tasks.{slug}", payload, sentence))


CREATED = _kind("created", TaskCreated, _("%(actor)s added the task “%(subject)s”"))
MOVED = _kind("moved", TaskMoved, _("%(actor)s moved “%(subject)s” to %(column)s"))
FOLLOWED_SUBMIT = _kind(
    "followed_submit",
    TaskFollowed,
    _("%(actor)s sent “%(post)s” to review, so “%(subject)s” moved to %(column)s"),
)
FOLLOWED_PASS = _kind(
    "followed_pass",
    TaskFollowed,
    _("%(actor)s passed “%(post)s”, so “%(subject)s” moved to %(column)s"),
)
FOLLOWED_PUBLISH = _kind(
    "followed_publish",
    TaskFollowed,
    _("“%(post)s” is on X, so “%(subject)s” moved to %(column)s"),
)
CHANGED = _kind("changed", TaskChanged, _("%(actor)s changed the task “%(subject)s”"))
ASSIGNED = _kind("assigned", TaskAssigned, _("%(actor)s gave “%(subject)s” to %(assignee)s"))
UNASSIGNED = _kind("unassigned", TaskAssigned, _("%(actor)s took “%(subject)s” from %(before)s"))
ITEM_ADDED = _kind("item_added", TaskAbout, _("%(actor)s added “%(what)s” to “%(subject)s”"))
ITEM_TICKED = _kind("item_ticked", TaskAbout, _("%(actor)s ticked “%(what)s” in “%(subject)s”"))
ITEM_OPENED = _kind("item_opened", TaskAbout, _("%(actor)s unticked “%(what)s” in “%(subject)s”"))
ITEM_REMOVED = _kind(
    "item_removed", TaskAbout, _("%(actor)s removed “%(what)s” from “%(subject)s”")
)
NEEDED = _kind("needed", TaskAbout, _("%(actor)s let “%(subject)s” wait for “%(what)s”"))
FREED = _kind("freed", TaskAbout, _("%(actor)s no longer lets “%(subject)s” wait for “%(what)s”"))
LINKED = _kind("linked", TaskAbout, _("%(actor)s linked “%(subject)s” to the post “%(what)s”"))
UNLINKED = _kind("unlinked", TaskAbout, _("%(actor)s unlinked “%(subject)s” from “%(what)s”"))
RULE_SET = _kind("rule_set", TaskAbout, _("%(actor)s changed how “%(what)s” moves “%(subject)s”"))
ARCHIVED = _kind("archived", TaskPlain, _("%(actor)s deleted the task “%(subject)s”"))
RESTORED = _kind("restored", TaskPlain, _("%(actor)s brought the task “%(subject)s” back"))
UNBLOCKED = _kind("unblocked", TaskAbout, _("“%(what)s” is done, so “%(subject)s” can go on"))
SOON = _kind("soon", TaskPlain, _("“%(subject)s” is due on %(due)s"))
DUE = _kind("due", TaskPlain, _("“%(subject)s” is due now"))
OVERDUE = _kind("overdue", TaskPlain, _("“%(subject)s” was due on %(due)s and is not done"))
COLUMNS_CHANGED = _kind(
    "columns_changed", ColumnsChanged, _("%(actor)s changed the columns of the task board")
)
