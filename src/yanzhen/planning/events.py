"""What planning announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class PostCreated:
    """Payload of planning.post_created. ``source`` is "composer", "import" or "demo"."""

    account: str
    source: str


@dataclass(frozen=True, slots=True)
class VersionCut:
    """Payload of planning.version_cut."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class PostTimed:
    """Payload of planning.post_timed. Wall times are "YYYY-MM-DDTHH:MM", "" for no time."""

    wall: str
    zone: str
    before: str


@dataclass(frozen=True, slots=True)
class PostUntimed:
    """Payload of planning.post_untimed."""

    before: str


@dataclass(frozen=True, slots=True)
class PostRevised:
    """Payload of planning.post_revised. ``was`` is the state the post left."""

    was: str


@dataclass(frozen=True, slots=True)
class PostDropped:
    """Payload of planning.post_dropped."""

    was: str


@dataclass(frozen=True, slots=True)
class PostChanged:
    """Payload of planning.post_changed: ``field`` went from ``before`` to ``after``."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecurrenceSet:
    """Payload of planning.recurrence_set; as models.Recurrence."""

    step: str
    every: int
    times: int


@dataclass(frozen=True, slots=True)
class RecurrenceCleared:
    """Payload of planning.recurrence_cleared."""


@dataclass(frozen=True, slots=True)
class ThemeSet:
    """Payload of planning.theme_set. ``span`` is "2026-06" or the Monday "2026-06-08"."""

    span: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanImported:
    """Payload of planning.plan_imported."""

    file: str
    count: int
    format: str


@dataclass(frozen=True, slots=True)
class PostsExported:
    """Payload of planning.posts_exported. ``format`` is "CSV" or "XLSX"."""

    count: int
    format: str


@dataclass(frozen=True, slots=True)
class CalendarLinked:
    """Payload of planning.calendar_linked. ``shows`` is CalendarLink.Shows."""

    shows: str
    titled: bool


@dataclass(frozen=True, slots=True)
class CalendarUnlinked:
    """Payload of planning.calendar_unlinked."""


@dataclass(frozen=True, slots=True)
class ViewShared:
    """Payload of planning.view_shared and view_unshared. Private views are nobody else's affair."""


@dataclass(frozen=True, slots=True)
class EndingKept:
    """Payload of planning.ending_kept and ending_removed.

    ``kind`` is "signature" or "hashtags"; ``account`` its handle, "" for all accounts.
    """

    kind: str
    account: str
    body: str


@dataclass(frozen=True, slots=True)
class LinkRuleKept:
    """Payload of planning.link_rule_kept and link_rule_removed.

    ``values`` maps the parameters to what the rule says; ``account`` as in EndingKept.
    """

    account: str
    domains: list[str]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class EmbargoSet:
    """Payload of planning.embargo_set, embargo_tightened and embargo_loosened.

    ``until`` is a wall time "YYYY-MM-DD HH:MM" in ``zone``; ``readers`` the names on the list.
    """

    until: str
    zone: str
    readers: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class EmbargoWished:
    """Payload of planning.embargo_wished and embargo_wish_closed.

    ``until`` as in EmbargoSet, "" for at once; ``readers`` the names wished for.
    """

    wish: int
    until: str
    zone: str
    readers: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class SlotPlanned:
    """Payload of planning.slot_added and slot_changed.

    ``wall`` is "YYYY-MM-DD HH:MM" in ``zone``, ``before`` the same or "" for a new one.
    """

    account: str
    wall: str
    zone: str
    minutes: int
    goal: str
    before: str


@dataclass(frozen=True, slots=True)
class SlotGone:
    """Payload of planning.slot_removed and slot_restored. ``wall`` as in SlotPlanned."""

    wall: str
    zone: str


@dataclass(frozen=True, slots=True)
class SpacingSet:
    """Payload of planning.spacing_set."""

    minutes: int
    before: int


POST_CREATED = announce(
    Kind(
        "planning.post_created",
        PostCreated,
        _("%(actor)s started “%(subject)s” for %(account)s"),
    )
)
VERSION_CUT = announce(
    Kind(
        "planning.version_cut", VersionCut, _("%(actor)s saved version %(number)s of “%(subject)s”")
    )
)
POST_TIMED = announce(
    Kind(
        "planning.post_timed",
        PostTimed,
        _("%(actor)s set “%(subject)s” to %(wall)s, %(zone)s"),
    )
)
POST_UNTIMED = announce(
    Kind("planning.post_untimed", PostUntimed, _("%(actor)s took “%(subject)s” off the calendar"))
)
POST_REVISED = announce(
    Kind("planning.post_revised", PostRevised, _("%(actor)s opened “%(subject)s” for changes"))
)
POST_DROPPED = announce(
    Kind("planning.post_dropped", PostDropped, _("%(actor)s dropped “%(subject)s”"))
)
POST_CHANGED = announce(
    Kind(
        "planning.post_changed",
        PostChanged,
        _("%(actor)s changed “%(subject)s”: %(before)s to %(after)s"),
    )
)
RECURRENCE_SET = announce(
    Kind(
        "planning.recurrence_set",
        RecurrenceSet,
        _("%(actor)s lets “%(subject)s” go out %(times)s times"),
    )
)
RECURRENCE_CLEARED = announce(
    Kind(
        "planning.recurrence_cleared",
        RecurrenceCleared,
        _("%(actor)s lets “%(subject)s” go out once"),
    )
)
THEME_SET = announce(
    Kind("planning.theme_set", ThemeSet, _("%(actor)s set the theme of %(span)s to “%(name)s”"))
)
FOCUS_SET = announce(
    Kind(
        "planning.focus_set",
        ThemeSet,
        _("%(actor)s set the focus of the week of %(span)s to “%(name)s”"),
    )
)
CAMPAIGN_ADDED = announce(
    Kind("planning.campaign_added", ThemeSet, _("%(actor)s added the campaign “%(name)s”"))
)
PLAN_IMPORTED = announce(
    Kind(
        "planning.plan_imported",
        PlanImported,
        _("%(actor)s imported %(count)s posts from %(file)s"),
    )
)
POSTS_EXPORTED = announce(
    Kind(
        "planning.posts_exported",
        PostsExported,
        _("%(actor)s exported %(count)s posts as %(format)s"),
    )
)
CALENDAR_LINKED = announce(
    Kind(
        "planning.calendar_linked",
        CalendarLinked,
        _("%(actor)s made a calendar link: %(subject)s"),
    )
)
CALENDAR_UNLINKED = announce(
    Kind(
        "planning.calendar_unlinked",
        CalendarUnlinked,
        _("%(actor)s revoked a calendar link: %(subject)s"),
    )
)
VIEW_SHARED = announce(
    Kind(
        "planning.view_shared",
        ViewShared,
        _("%(actor)s shared the view “%(subject)s”"),
    )
)
VIEW_UNSHARED = announce(
    Kind(
        "planning.view_unshared",
        ViewShared,
        _("%(actor)s no longer shares the view “%(subject)s”"),
    )
)
EMBARGO_SET = announce(
    Kind(
        "planning.embargo_set",
        EmbargoSet,
        _("%(actor)s put “%(subject)s” under embargo until %(until)s, %(zone)s"),
    )
)
EMBARGO_TIGHTENED = announce(
    Kind(
        "planning.embargo_tightened",
        EmbargoSet,
        _("%(actor)s made the embargo on “%(subject)s” stricter: until %(until)s, %(zone)s"),
    )
)
EMBARGO_WISHED = announce(
    Kind(
        "planning.embargo_wished",
        EmbargoWished,
        _("%(actor)s proposed to loosen the embargo on “%(subject)s”: %(reason)s"),
    )
)
EMBARGO_LOOSENED = announce(
    Kind(
        "planning.embargo_loosened",
        EmbargoSet,
        _("%(actor)s confirmed a looser embargo on “%(subject)s”: until %(until)s, %(zone)s"),
    )
)
EMBARGO_WISH_CLOSED = announce(
    Kind(
        "planning.embargo_wish_closed",
        EmbargoWished,
        _("%(actor)s closed the proposal to loosen the embargo on “%(subject)s”"),
    )
)
SLOT_ADDED = announce(
    Kind(
        "planning.slot_added",
        SlotPlanned,
        _("%(actor)s planned the slot “%(subject)s” for %(account)s: %(wall)s, %(zone)s"),
    )
)
SLOT_CHANGED = announce(
    Kind(
        "planning.slot_changed",
        SlotPlanned,
        _("%(actor)s changed the slot “%(subject)s” of %(account)s: %(wall)s, %(zone)s"),
    )
)
SLOT_REMOVED = announce(
    Kind(
        "planning.slot_removed",
        SlotGone,
        _("%(actor)s removed the slot “%(subject)s” of %(wall)s, %(zone)s"),
    )
)
SLOT_RESTORED = announce(
    Kind(
        "planning.slot_restored",
        SlotGone,
        _("%(actor)s put the slot “%(subject)s” of %(wall)s, %(zone)s back"),
    )
)
SPACING_SET = announce(
    Kind(
        "planning.spacing_set",
        SpacingSet,
        _("%(actor)s set how far apart posts of one account should be: %(minutes)s minutes"),
    )
)
ENDING_KEPT = announce(
    Kind("planning.ending_kept", EndingKept, _("%(actor)s saved the ending “%(subject)s”"))
)
ENDING_REMOVED = announce(
    Kind("planning.ending_removed", EndingKept, _("%(actor)s removed the ending “%(subject)s”"))
)
LINK_RULE_KEPT = announce(
    Kind(
        "planning.link_rule_kept",
        LinkRuleKept,
        _("%(actor)s set the tags for links to %(subject)s"),
    )
)
LINK_RULE_REMOVED = announce(
    Kind(
        "planning.link_rule_removed",
        LinkRuleKept,
        _("%(actor)s removed the tags for links to %(subject)s"),
    )
)
