"""The roles a new workspace starts with. Each becomes a row that the workspace may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.rights import Decision

D = Decision


@dataclass(frozen=True)
class RoleSeed:
    """A role as it comes: title and mission are lazy and follow the reader's language."""

    slug: str
    title: str | Promise
    mission: str | Promise
    decisions: frozenset[D]


_EVERYONE = frozenset({D.POST_HOLD, D.PUBLISH_FREEZE})
_WRITES = _EVERYONE | {D.POST_WRITE, D.POST_SUBMIT, D.POST_FAST, D.POST_SCHEDULE}

SEEDS: Mapping[str, RoleSeed] = {
    seed.slug: seed
    for seed in (
        RoleSeed(
            "strategist",
            pgettext_lazy("role", "Strategist"),
            _("Sets the direction, the brand tone and the monthly plan."),
            _WRITES
            | {
                D.POST_DROP,
                D.GUEST_INVITE,
                D.PLAN_THEME,
                D.PLAN_IMPORT,
                D.TASK_DIRECT,
                D.BRAND_EDIT,
                D.LIBRARY_EDIT,
            },
        ),
        RoleSeed(
            "creator",
            pgettext_lazy("role", "Creator"),
            _("Makes copy, visuals and video."),
            _WRITES | {D.LIBRARY_EDIT},
        ),
        RoleSeed(
            "community_manager",
            pgettext_lazy("role", "Community manager"),
            _("Talks with people every day, gathers feedback and helps customers."),
            _WRITES,
        ),
        RoleSeed(
            "analyst",
            pgettext_lazy("role", "Data analyst"),
            _("Watches the numbers, explains them and suggests what to change."),
            _EVERYONE | {D.AUDIT_READ},
        ),
        RoleSeed(
            "crisis_coordinator",
            pgettext_lazy("role", "Crisis coordinator"),
            _("Watches for crises, runs the plans and calls in other departments."),
            _EVERYONE
            | {
                D.PUBLISH_RESOLVE,
                D.PUBLISH_UNFREEZE,
                D.PUBLISH_DELETE,
                D.POST_DROP,
                D.LINE_AGREE,
                D.TASK_DIRECT,
                D.AUDIT_READ,
            },
        ),
        RoleSeed(
            "team_lead",
            pgettext_lazy("role", "Team lead"),
            _("Answers for the work of the team: passes it, or returns it with a reason."),
            _WRITES
            | {
                D.POST_DROP,
                D.REVIEW_DECIDE,
                D.GUEST_INVITE,
                D.PUBLISH_NOW,
                D.PUBLISH_RESOLVE,
                D.PUBLISH_UNFREEZE,
                D.PUBLISH_DELETE,
                D.PLAN_THEME,
                D.PLAN_IMPORT,
                D.TASK_DIRECT,
                D.BRAND_OVERRIDE,
                D.LIBRARY_EDIT,
                D.LINE_AGREE,
                D.LEAD_SET,
                D.DUTY_KEEP,
                D.MEMBER_INVITE,
                D.AUDIT_READ,
            },
        ),
        RoleSeed(
            "brand_manager",
            pgettext_lazy("role", "Brand manager"),
            _("Answers for the brand: the last yes before a post goes out."),
            _EVERYONE
            | {
                D.POST_SCHEDULE,
                D.POST_DROP,
                D.REVIEW_DECIDE,
                D.GUEST_INVITE,
                D.PUBLISH_NOW,
                D.PUBLISH_RESOLVE,
                D.PUBLISH_UNFREEZE,
                D.PUBLISH_DELETE,
                D.PLAN_THEME,
                D.TASK_DIRECT,
                D.BRAND_EDIT,
                D.BRAND_OVERRIDE,
                D.LIBRARY_EDIT,
                D.LINE_AGREE,
                D.LEAD_SET,
                D.DUTY_KEEP,
                D.ACCOUNT_CONNECT,
                D.BUDGET_SET,
                D.FLOW_EDIT,
                D.AUDIT_READ,
            },
        ),
        RoleSeed(
            "administrator",
            pgettext_lazy("role", "Administrator"),
            _("Runs the installation: members, roles, accounts. Passes no posts."),
            _EVERYONE
            | {
                D.ACCOUNT_CONNECT,
                D.BUDGET_SET,
                D.MEMBER_INVITE,
                D.GUEST_INVITE,
                D.MEMBER_ROLES,
                D.ROLE_EDIT,
                D.FLOW_EDIT,
                D.WORKSPACE_EDIT,
                D.LEAD_SET,
                D.DUTY_KEEP,
                D.PLAN_IMPORT,
                D.AUDIT_READ,
            },
        ),
    )
}
