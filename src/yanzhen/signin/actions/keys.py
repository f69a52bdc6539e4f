"""A directory's key when whoever made it leaves or may no longer make one: they may know it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.signin import events
from yanzhen.signin.models import ScimToken


def keys_of(member: Member, viewer: Member, now: datetime) -> QuerySet[ScimToken]:
    """Return the open keys that ``member`` answers for, as a holding of theirs."""
    return ScimToken.objects.visible_to(viewer).open().filter(made_by=member)


def may_keep_keys(by: Member) -> bool:
    """Tell whether the member could make a key, and so answer for one that is there."""
    return by.may(Decision.WORKSPACE_EDIT) and by.may(Decision.MEMBER_ROLES)


@transaction.atomic
def keep_keys_of(member: Member, by: Member, now: datetime) -> None:
    """Let ``by`` answer for the keys of somebody who leaves. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=member.workspace_id)
    require(by, Decision.MEMBER_ROLES, workspace_id=member.workspace_id)
    for token in keys_of(member, by, now).select_related("workspace"):
        ScimToken.objects.filter(pk=token.pk).update(made_by=by)
        _tell(events.SCIM_TOKEN_KEPT, token, maker=member, by=by.ref, now=now)


@transaction.atomic
def end_orphan_key(workspace_id: int, *, by: Ref, now: datetime) -> bool:
    """End the workspace's key when whoever answers for it could not make one now.

    ``by`` is who changed that. Returns whether it ended.
    """
    token = ScimToken.objects.open().filter(workspace_id=workspace_id).first()
    if token is None:
        return False
    maker = Member.objects.with_roles().get(pk=token.made_by_id)
    if may_keep_keys(maker):
        return False
    if not ScimToken.objects.open().filter(pk=token.pk).update(revoked_at=now):
        return False
    _tell(events.SCIM_TOKEN_ENDED, token, maker=maker, by=by, now=now)
    return True


def _tell(kind: Kind, token: ScimToken, *, maker: Member, by: Ref, now: datetime) -> None:
    record(
        kind,
        events.KeyOf(maker=maker.name),
        actor=by,
        subject=token.workspace.ref,
        workspace_id=token.workspace_id,
        at=now,
    )
