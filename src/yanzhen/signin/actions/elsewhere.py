"""Knowing somebody by what a provider says of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.invitations import join_workspace
from yanzhen.people.models import Invitation, Member, User
from yanzhen.signin import events
from yanzhen.signin.actions.following import follow_sign_in
from yanzhen.signin.models import Identity
from yanzhen.signin.oidc import Claims
from yanzhen.signin.providers import House


class NobodyHere(Exception):
    """The provider's person is no member here and not invited; or may not be known by email."""


@transaction.atomic
def known_by(provider: House, claims: Claims, *, now: datetime) -> User:
    """Return the user a provider vouches for, linked from now on.

    Known by an earlier link; else, where the provider is trusted with addresses, by a verified
    address: that of an active member, or of an open invitation, which is taken by it. Nobody else
    is let in, and a link once made is not moved by a change of address. Raises NobodyHere.
    """
    row = Identity.objects.filter(provider=provider.id, subject=claims.subject)
    identity = row.select_related("user").first()
    if identity is not None:
        if not identity.user.is_active:
            raise NobodyHere
        row.update(used_at=now)
        _follow(provider, claims, identity.user, now=now)
        return identity.user
    if not provider.vouches_for(claims.email):
        raise NobodyHere
    user = _member(claims.email) or _invited(claims, now=now)
    if user.identities.filter(provider=provider.id).exists():
        # The address was another's before: whoever has it now is somebody else there.
        raise NobodyHere
    Identity.objects.create(
        user=user, provider=provider.id, subject=claims.subject, created_at=now, used_at=now
    )
    for member in Member.objects.active().filter(user=user).select_related("user"):
        record(
            events.IDENTITY_LINKED,
            events.Named(name=provider.name),
            actor=member.ref,
            subject=member.ref,
            workspace_id=member.workspace_id,
            at=now,
        )
    _follow(provider, claims, user, now=now)
    return user


def _follow(provider: House, claims: Claims, user: User, *, now: datetime) -> None:
    """Bring the roles of the user in step with the groups the provider names, if it does."""
    if claims.groups is None:
        return
    members = Member.objects.active().with_roles().filter(user=user).order_by("pk")
    follow_sign_in(
        members, provider_id=provider.id, name=provider.name, groups=claims.groups, now=now
    )


def _member(email: str) -> User | None:
    """Return the active member with that address."""
    return User.objects.filter(email=email, is_active=True, memberships__active=True).first()


def _invited(claims: Claims, *, now: datetime) -> User:
    """Take the open invitations of an address; make its user if there is none."""
    waiting = Invitation.objects.open(now=now).filter(email=claims.email)
    invitations = list(waiting.select_related("workspace", "role").order_by("pk"))
    if not invitations:
        raise NobodyHere
    first = invitations[0]
    user = User.objects.filter(email=claims.email).first()
    if user is None:
        user = User.objects.create_user(
            claims.email,
            None,
            name=(claims.name or first.name or claims.email.partition("@")[0])[:80],
            zone=first.workspace.zone,
            language=first.language,
        )
    if not user.is_active:
        raise NobodyHere
    for invitation in invitations:
        join_workspace(invitation, user=user, now=now)
    return user
