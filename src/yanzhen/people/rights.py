"""Decision rights: the one table of what may be decided, and how each reads as a duty.

Which role holds which decision is a row of the workspace (see models.Role); that a decision exists,
and whether it bars judging your own work, is code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref


class Decision(StrEnum):
    """Every decision the product guards. Values are stored; never rename one."""

    POST_WRITE = "post.write"
    POST_SUBMIT = "post.submit"
    POST_FAST = "post.fast"
    POST_SCHEDULE = "post.schedule"
    POST_HOLD = "post.hold"
    POST_DROP = "post.drop"
    REVIEW_DECIDE = "review.decide"
    GUEST_INVITE = "guest.invite"
    PUBLISH_NOW = "publish.now"
    PUBLISH_RESOLVE = "publish.resolve"
    PUBLISH_DELETE = "publish.delete"
    PUBLISH_FREEZE = "publish.freeze"
    PUBLISH_UNFREEZE = "publish.unfreeze"
    PLAN_THEME = "plan.theme"
    PLAN_IMPORT = "plan.import"
    TASK_DIRECT = "task.direct"
    BRAND_EDIT = "brand.edit"
    BRAND_OVERRIDE = "brand.override"
    LIBRARY_EDIT = "library.edit"
    LINE_AGREE = "line.agree"
    LEAD_SET = "lead.set"
    ACCOUNT_CONNECT = "account.connect"
    BUDGET_SET = "budget.set"
    MEMBER_INVITE = "member.invite"
    MEMBER_ROLES = "member.roles"
    ROLE_EDIT = "role.edit"
    FLOW_EDIT = "flow.edit"
    WORKSPACE_EDIT = "workspace.edit"
    AUDIT_READ = "audit.read"


@dataclass(frozen=True, slots=True)
class Duty:
    """How a decision reads as a duty, and whether it bars judging your own work."""

    sentence: str | Promise
    four_eyes: bool = False


DUTIES: Mapping[Decision, Duty] = {
    Decision.POST_WRITE: Duty(_("Write posts and edit drafts.")),
    Decision.POST_SUBMIT: Duty(_("Sign the self-check and send posts to review.")),
    Decision.POST_FAST: Duty(_("Send urgent posts through the fast lane.")),
    Decision.POST_SCHEDULE: Duty(_("Set and move the time a post goes out.")),
    Decision.POST_HOLD: Duty(_("Hold any post that should not go out now.")),
    Decision.POST_DROP: Duty(_("Drop posts that will not be used.")),
    Decision.REVIEW_DECIDE: Duty(_("Pass or return posts written by others."), four_eyes=True),
    Decision.GUEST_INVITE: Duty(
        _("Invite guests to read a post in review and decide a step that is open to them."),
        four_eyes=True,
    ),
    Decision.PUBLISH_NOW: Duty(_("Publish a passed post at once when it cannot wait.")),
    Decision.PUBLISH_RESOLVE: Duty(_("Decide what happens to held and failed posts.")),
    Decision.PUBLISH_DELETE: Duty(_("Delete a published post on X, with a reason.")),
    Decision.PUBLISH_FREEZE: Duty(_("Stop everything from going out.")),
    Decision.PUBLISH_UNFREEZE: Duty(_("Let posts go out again after a freeze.")),
    Decision.PLAN_THEME: Duty(_("Set the monthly theme, the weekly focus and campaigns.")),
    Decision.PLAN_IMPORT: Duty(_("Import content plans from files.")),
    Decision.TASK_DIRECT: Duty(
        _("Assign, change and move the tasks of others, and set the columns of the board.")
    ),
    Decision.BRAND_EDIT: Duty(_("Write the brand framework and publish its versions.")),
    Decision.BRAND_OVERRIDE: Duty(
        _("Let a text stand against an error of the brand framework, with a reason.")
    ),
    Decision.LIBRARY_EDIT: Duty(
        _("Keep the library in order: folders, tags, rights and until when files may be used.")
    ),
    Decision.LINE_AGREE: Duty(_("Agree on the lines the team uses, and withdraw them.")),
    Decision.LEAD_SET: Duty(_("Say who has the lead.")),
    Decision.ACCOUNT_CONNECT: Duty(_("Connect and disconnect X accounts.")),
    Decision.BUDGET_SET: Duty(_("Set what an account may spend at X in a month.")),
    Decision.MEMBER_INVITE: Duty(_("Invite members and remove them.")),
    Decision.MEMBER_ROLES: Duty(_("Give members their roles.")),
    Decision.ROLE_EDIT: Duty(_("Change what a role is for and may decide.")),
    Decision.FLOW_EDIT: Duty(_("Change the steps of review and the self-check.")),
    Decision.WORKSPACE_EDIT: Duty(_("Change the name and settings of the workspace.")),
    Decision.AUDIT_READ: Duty(_("Read and export the activity log.")),
}

#: What whoever has the lead may decide while they have it, whatever their roles are.
LEAD_HOLDS = frozenset({Decision.POST_HOLD, Decision.POST_FAST, Decision.PUBLISH_FREEZE})


class Actor(Protocol):
    """A member who acts: whose rights are asked and whose name the log keeps."""

    @property
    def pk(self) -> int:
        """The member's number; four-eyes compares it with the author's."""
        ...

    @property
    def workspace_id(self) -> int:
        """The one workspace this member acts in."""
        ...

    @property
    def ref(self) -> Ref:
        """How the activity log names the member."""
        ...

    def decisions(self) -> frozenset[str]:
        """Return the slugs of everything the member's roles may decide; empty when inactive."""
        ...


class NotAllowed(PermissionDenied):
    """The actor may not decide this.

    ``reason``: no_right, own_work, own_proposal, already_decided, other_role, not_author or
    elsewhere.

    ``roles`` may name (in the reader's language) the roles that could, when the caller knows them.
    A PermissionDenied, so that Django answers 403 wherever it is raised, in a middleware too.
    """

    def __init__(self, decision: Decision, reason: str, *, roles: Sequence[str] = ()) -> None:
        super().__init__(f"{decision.value}: {reason}")
        self.decision = decision
        self.reason = reason
        self.roles = tuple(roles)


def may(actor: Actor, decision: Decision, *, workspace_id: int) -> bool:
    """Tell whether the actor's roles carry ``decision`` in that workspace."""
    return actor.workspace_id == workspace_id and decision.value in actor.decisions()


def require(
    actor: Actor, decision: Decision, *, workspace_id: int, author_id: int | None = None
) -> None:
    """Return quietly when ``actor`` may decide; raise NotAllowed otherwise.

    ``author_id`` is the member whose work is judged, for decisions under four-eyes.
    """
    if actor.workspace_id != workspace_id:
        raise NotAllowed(decision, "elsewhere")
    if decision.value not in actor.decisions():
        raise NotAllowed(decision, "no_right")
    if DUTIES[decision].four_eyes and author_id is not None and actor.pk == author_id:
        raise NotAllowed(decision, "own_work")
