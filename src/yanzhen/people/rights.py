"""Decision rights: the one table of what may be decided, and how each reads as a duty.

Which role holds which decision is a row of the workspace (see models.Role); that a decision exists,
and whether it bars judging your own work, is code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people.grants import Authority


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
    DUTY_KEEP = "duty.keep"
    ACCOUNT_CONNECT = "account.connect"
    BUDGET_SET = "budget.set"
    MEMBER_INVITE = "member.invite"
    MEMBER_ROLES = "member.roles"
    ROLE_EDIT = "role.edit"
    FLOW_EDIT = "flow.edit"
    WORKSPACE_EDIT = "workspace.edit"
    AUDIT_READ = "audit.read"


class Voice(StrEnum):
    """What a role has to do with a decision that it does not make. Values are stored.

    It says who speaks with whom; it opens no door.
    """

    PROPOSES = "P"
    ASKED = "C"
    TOLD = "I"


@dataclass(frozen=True, slots=True)
class Duty:
    """How a decision reads as a duty, and what bounds it.

    ``four_eyes`` bars judging your own work. ``by_account``: it is about single accounts, so a role
    may hold it for some of them only. ``lendable``: it may be decided for another member; not what
    changes who may do what for longer than a delegation lasts.
    """

    sentence: str | Promise
    four_eyes: bool = False
    by_account: bool = False
    lendable: bool = True


DUTIES: Mapping[Decision, Duty] = {
    Decision.POST_WRITE: Duty(_("Write posts and edit drafts."), by_account=True),
    Decision.POST_SUBMIT: Duty(_("Sign the self-check and send posts to review."), by_account=True),
    Decision.POST_FAST: Duty(_("Send urgent posts through the fast lane."), by_account=True),
    Decision.POST_SCHEDULE: Duty(_("Set and move the time a post goes out."), by_account=True),
    Decision.POST_HOLD: Duty(_("Hold any post that should not go out now."), by_account=True),
    Decision.POST_DROP: Duty(_("Drop posts that will not be used."), by_account=True),
    Decision.REVIEW_DECIDE: Duty(
        _("Pass or return posts written by others."), four_eyes=True, by_account=True
    ),
    Decision.GUEST_INVITE: Duty(
        _("Invite guests to read a post in review and decide a step that is open to them."),
        four_eyes=True,
        by_account=True,
    ),
    Decision.PUBLISH_NOW: Duty(
        _("Publish a passed post at once when it cannot wait."), by_account=True
    ),
    Decision.PUBLISH_RESOLVE: Duty(
        _("Decide what happens to held and failed posts."), by_account=True
    ),
    Decision.PUBLISH_DELETE: Duty(
        _("Delete a published post on X, with a reason."), by_account=True
    ),
    Decision.PUBLISH_FREEZE: Duty(_("Stop everything from going out."), by_account=True),
    Decision.PUBLISH_UNFREEZE: Duty(_("Let posts go out again after a freeze."), by_account=True),
    Decision.PLAN_THEME: Duty(_("Set the monthly theme, the weekly focus and campaigns.")),
    Decision.PLAN_IMPORT: Duty(_("Import content plans from files.")),
    Decision.TASK_DIRECT: Duty(
        _("Assign, change and move the tasks of others, and set the columns of the board.")
    ),
    Decision.BRAND_EDIT: Duty(_("Write the brand framework and publish its versions.")),
    Decision.BRAND_OVERRIDE: Duty(
        _("Let a text stand against an error of the brand framework, with a reason."),
        by_account=True,
    ),
    Decision.LIBRARY_EDIT: Duty(
        _("Keep the library in order: folders, tags, rights and until when files may be used.")
    ),
    Decision.LINE_AGREE: Duty(_("Agree on the lines the team uses, and withdraw them.")),
    Decision.LEAD_SET: Duty(_("Say who has the lead.")),
    Decision.DUTY_KEEP: Duty(
        _("Keep the rota: who is on duty when, and when the places of the team work.")
    ),
    Decision.ACCOUNT_CONNECT: Duty(_("Connect and disconnect X accounts."), by_account=True),
    Decision.BUDGET_SET: Duty(_("Set what an account may spend at X in a month."), by_account=True),
    Decision.MEMBER_INVITE: Duty(_("Invite members and remove them."), lendable=False),
    Decision.MEMBER_ROLES: Duty(_("Give members their roles."), lendable=False),
    Decision.ROLE_EDIT: Duty(_("Change what a role is for and may decide."), lendable=False),
    Decision.FLOW_EDIT: Duty(_("Change the steps of review and the self-check.")),
    Decision.WORKSPACE_EDIT: Duty(_("Change the name and settings of the workspace.")),
    Decision.AUDIT_READ: Duty(_("Read and export the activity log.")),
}

#: Decisions by which somebody could give themselves all others.
POWERS = frozenset({Decision.MEMBER_ROLES, Decision.ROLE_EDIT, Decision.WORKSPACE_EDIT})

#: What one member may let another decide for them.
LENDABLE = frozenset(decision.value for decision, duty in DUTIES.items() if duty.lendable)

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

    def own_decisions(self) -> frozenset[str]:
        """Return what the member's own roles decide for the whole workspace, lent rights apart."""
        ...

    def may_somewhere(self, decision: Decision | str) -> bool:
        """Tell whether the member may decide it for at least one account."""
        ...

    def authority_somewhere(self, decision: Decision | str) -> Authority | None:
        """Return by whose right they decide it for at least one account now, or None."""
        ...

    def authority(
        self,
        decision: Decision | str,
        *,
        account_id: int | None = None,
        role_id: int | None = None,
        barred: Collection[int] = (),
    ) -> Authority | None:
        """Return by whose right the member decides it now, or None; see grants.authority."""
        ...

    def act_by(self, authority: Authority) -> None:
        """Let the log name, from now on, for whom the member acts."""
        ...


class NotAllowed(PermissionDenied):
    """The actor may not decide this.

    ``reason``: no_right, other_account (the right holds for others only), own_work, lent_own (the
    work of the member whose right it would be), own_proposal, already_decided, other_role,
    not_author or elsewhere.

    ``roles`` may name (in the reader's language) the roles that could, when the caller knows them;
    ``account_id`` is the account it was about.
    A PermissionDenied, so that Django answers 403 wherever it is raised, in a middleware too.
    """

    def __init__(
        self,
        decision: Decision,
        reason: str,
        *,
        roles: Sequence[str] = (),
        account_id: int | None = None,
    ) -> None:
        super().__init__(f"{decision.value}: {reason}")
        self.decision = decision
        self.reason = reason
        self.roles = tuple(roles)
        self.account_id = account_id


def may(
    actor: Actor, decision: Decision, *, workspace_id: int, account_id: int | None = None
) -> bool:
    """Tell whether the actor may decide it there, for that account or, None, for all of them."""
    here = actor.workspace_id == workspace_id
    return here and actor.authority(decision, account_id=account_id) is not None


def require(
    actor: Actor,
    decision: Decision,
    *,
    workspace_id: int,
    account_id: int | None = None,
    author_id: int | None = None,
    barred: Collection[int] = (),
) -> None:
    """Return quietly when ``actor`` may decide; raise NotAllowed otherwise.

    ``account_id`` is the account it is about. Without one, a right that holds for some accounts
    only is no right. ``author_id`` is the member whose work is judged, for decisions under
    four-eyes: nobody decides about it by the author's right either. ``barred`` are further members,
    by number, by whose right nobody decides here, such as the first of two who must agree. The log
    names for whom the actor decided.
    """
    if actor.workspace_id != workspace_id:
        raise NotAllowed(decision, "elsewhere")
    judged = DUTIES[decision].four_eyes and author_id is not None
    found = actor.authority(
        decision, account_id=account_id, barred={*barred, author_id or 0} if judged else barred
    )
    if found is None:
        why = _why_not(actor, decision, account_id)
        raise NotAllowed(decision, why, account_id=account_id)
    if judged and actor.pk == author_id:
        raise NotAllowed(decision, "own_work", account_id=account_id)
    actor.act_by(found)


def require_somewhere(actor: Actor, decision: Decision, *, workspace_id: int) -> None:
    """Return quietly when ``actor`` may decide it for any account; raise NotAllowed otherwise.

    For what belongs to no account, and for a first look before each thing is asked for on its own.
    The log names for whom the actor decided, also where what was lent holds for some accounts only.
    """
    if actor.workspace_id != workspace_id:
        raise NotAllowed(decision, "elsewhere")
    found = actor.authority_somewhere(decision)
    if found is None:
        raise NotAllowed(decision, "no_right")
    actor.act_by(found)


def _why_not(actor: Actor, decision: Decision, account_id: int | None) -> str:
    if actor.authority(decision, account_id=account_id) is not None:
        return "lent_own"
    return "other_account" if actor.may_somewhere(decision) else "no_right"
