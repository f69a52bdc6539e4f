"""Where the rail and the menus lead: one table of rooms, in the order people see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision


@dataclass(frozen=True)
class Room:
    """A page the rail leads to.

    ``url_name`` is also how counts are attached. ``keys`` open it; ``tab`` is its place (1 to 4)
    among the phone's tabs; ``asks`` hides it from members without that decision.
    """

    url_name: str
    name: str | Promise
    icon: str
    keys: str = ""
    tab: int = 0
    asks: Decision | None = None


@dataclass(frozen=True)
class Group:
    """Rooms that belong together, under one heading."""

    name: str | Promise
    rooms: tuple[Room, ...]


GROUPS: Sequence[Group] = (
    Group(
        pgettext_lazy("navigation", "Desk"),
        (
            Room("today", pgettext_lazy("navigation", "Today"), "icon-today", "g t", 1),
            Room("review", pgettext_lazy("navigation", "Review"), "icon-review", "g r", 2),
            Room("duty", pgettext_lazy("navigation", "Duty"), "icon-sun", "g d"),
            Room("handoffs", pgettext_lazy("navigation", "Handoffs"), "icon-handoff", "g h"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Plan"),
        (
            Room("calendar", pgettext_lazy("navigation", "Calendar"), "icon-calendar", "g c", 3),
            Room("ideas", pgettext_lazy("navigation", "Ideas"), "icon-bulb", "g i"),
            Room("posts", pgettext_lazy("navigation", "Posts"), "icon-kanban", "g p", 4),
            Room("library", pgettext_lazy("navigation", "Library"), "icon-image", "g l"),
            Room("tasks", pgettext_lazy("navigation", "Tasks"), "icon-tasks", "g k"),
            Room("brand", pgettext_lazy("navigation", "Brand"), "icon-bookmark", "g e"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Learn"),
        (
            Room("archive", pgettext_lazy("navigation", "Archive"), "icon-library", "g v"),
            Room("team", pgettext_lazy("navigation", "Team"), "icon-team", "g m"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Run"),
        (
            Room("accounts", pgettext_lazy("navigation", "Accounts"), "icon-megaphone", "g a"),
            Room("outlets", pgettext_lazy("navigation", "Outlets"), "icon-send", "g w"),
            Room("money", pgettext_lazy("navigation", "Money at X"), "icon-tag", "g o"),
            Room("failures", pgettext_lazy("navigation", "Needs a person"), "icon-flag", "g f"),
            Room("freeze", pgettext_lazy("navigation", "Freeze"), "icon-freeze", "g z"),
            Room(
                "activity",
                pgettext_lazy("navigation", "Activity log"),
                "icon-history",
                "g y",
                asks=Decision.AUDIT_READ,
            ),
        ),
    ),
)

#: Rooms that may have a number beside their name.
COUNTED = frozenset({"review", "failures"})

#: Pages about the reader, in the menu behind their own name.
OWN: Sequence[Room] = (
    Room("profile", pgettext_lazy("navigation", "Your profile"), "icon-user"),
    Room("telling", pgettext_lazy("navigation", "How you are told"), "icon-bell"),
    Room("second-factor", pgettext_lazy("navigation", "Second step"), "icon-check"),
    Room("sessions", pgettext_lazy("navigation", "Where you are signed in"), "icon-lock"),
    Room("workspaces", pgettext_lazy("navigation", "Your brands"), "icon-users"),
)


@dataclass(frozen=True)
class Link:
    """A room as one member sees it on one page.

    ``tone`` colours the count: soon, late, alert. ``slot`` names the count where an open page keeps
    it true; empty for rooms that never have one.
    """

    url: str
    name: str
    icon: str
    keys: str = ""
    tab: int = 0
    current: bool = False
    count: int = 0
    tone: str = ""
    slot: str = ""


@dataclass(frozen=True)
class LinkGroup:
    """Links under one heading."""

    name: str
    links: list[Link]


def address(url_name: str) -> str:
    """Give the path of a page by name, or "" when this installation does not serve it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _link(room: Room, path: str, count: tuple[int, str]) -> Link:
    url = address(room.url_name)
    current = path == url or (len(url) > 1 and path.startswith(url))
    slot = room.url_name if room.url_name in COUNTED else ""
    return Link(url, str(room.name), room.icon, room.keys, room.tab, current, *count, slot)


def links_for(
    member: Member, path: str, count_of: Callable[[str], tuple[int, str]]
) -> list[LinkGroup]:
    """Build the rail for ``member`` at ``path``; ``count_of`` gives number and tone by url name."""
    groups = []
    for group in GROUPS:
        links = [
            _link(room, path, count_of(room.url_name))
            for room in group.rooms
            if (room.asks is None or member.may_somewhere(room.asks)) and address(room.url_name)
        ]
        if links:
            groups.append(LinkGroup(str(group.name), links))
    return groups


def own_links(path: str) -> list[Link]:
    """Build the links of the menu behind the reader's name."""
    return [_link(room, path, (0, "")) for room in OWN if address(room.url_name)]
