"""The roles a new workspace starts with. Each becomes a row that the workspace may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.rights import Decision, Voice

D = Decision
_PROPOSES, _ASKED, _TOLD = Voice.PROPOSES, Voice.ASKED, Voice.TOLD


@dataclass(frozen=True)
class RoleSeed:
    """A role as it comes: title and mission are lazy and follow the reader's language.

    ``voices`` says what it has to do with decisions of others, ``measured_by`` names measures
    (measures.py) that tell how it goes.
    """

    slug: str
    title: str | Promise
    mission: str | Promise
    decisions: frozenset[D]
    voices: Mapping[D, Voice] = field(default_factory=dict)
    measured_by: tuple[str, ...] = ()


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
            {
                D.BRAND_OVERRIDE: _PROPOSES,
                D.LINE_AGREE: _PROPOSES,
                D.BUDGET_SET: _PROPOSES,
                D.FLOW_EDIT: _ASKED,
            },
            measured_by=("in_campaigns", "went_out"),
        ),
        RoleSeed(
            "creator",
            pgettext_lazy("role", "Creator"),
            _("Makes copy, visuals and video."),
            _WRITES | {D.LIBRARY_EDIT},
            {
                D.PLAN_THEME: _ASKED,
                D.REVIEW_DECIDE: _PROPOSES,
                D.POST_DROP: _PROPOSES,
                D.PUBLISH_NOW: _PROPOSES,
                D.PUBLISH_RESOLVE: _TOLD,
                D.TASK_DIRECT: _PROPOSES,
                D.BRAND_EDIT: _ASKED,
                D.BRAND_OVERRIDE: _PROPOSES,
                D.LINE_AGREE: _ASKED,
            },
            measured_by=("passed_first_time", "went_out"),
        ),
        RoleSeed(
            "community_manager",
            pgettext_lazy("role", "Community manager"),
            _("Talks with people every day, gathers feedback and helps customers."),
            _WRITES,
            {
                D.PLAN_THEME: _ASKED,
                D.REVIEW_DECIDE: _PROPOSES,
                D.PUBLISH_RESOLVE: _TOLD,
                D.PUBLISH_DELETE: _PROPOSES,
                D.LIBRARY_EDIT: _PROPOSES,
                D.LINE_AGREE: _PROPOSES,
            },
            measured_by=("passed_first_time", "went_out"),
        ),
        RoleSeed(
            "analyst",
            pgettext_lazy("role", "Data analyst"),
            _("Watches the numbers, explains them and suggests what to change."),
            _EVERYONE | {D.AUDIT_READ},
            {
                D.POST_SCHEDULE: _ASKED,
                D.PLAN_THEME: _ASKED,
                D.BRAND_EDIT: _TOLD,
                D.BUDGET_SET: _ASKED,
            },
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
            {
                D.PUBLISH_NOW: _ASKED,
                D.PLAN_THEME: _TOLD,
                D.BRAND_OVERRIDE: _ASKED,
                D.LEAD_SET: _ASKED,
            },
            measured_by=("time_to_settle",),
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
            {
                D.BRAND_EDIT: _ASKED,
                D.ACCOUNT_CONNECT: _PROPOSES,
                D.BUDGET_SET: _PROPOSES,
                D.MEMBER_ROLES: _PROPOSES,
                D.FLOW_EDIT: _PROPOSES,
            },
            measured_by=("time_to_decide", "returned_with_reason"),
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
            {
                D.POST_FAST: _TOLD,
                D.PLAN_IMPORT: _TOLD,
                D.MEMBER_INVITE: _PROPOSES,
                D.MEMBER_ROLES: _PROPOSES,
                D.ROLE_EDIT: _ASKED,
            },
            measured_by=("time_to_decide", "returned_with_reason"),
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
            {
                D.PUBLISH_UNFREEZE: _TOLD,
                D.BRAND_EDIT: _TOLD,
            },
        ),
    )
}
