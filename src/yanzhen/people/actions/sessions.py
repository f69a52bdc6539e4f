"""Ending sign-ins. Whoever signs in gets a row each; see allauth.usersessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from yanzhen.people.models import User

#: How exact "last seen" is. Every request would otherwise be a write.
SEEN_STEP = timedelta(minutes=5)


@transaction.atomic
def end_sessions_of(user: User, *, but: str = "") -> int:
    """End every session of ``user`` except the one whose key is ``but``; return how many ended."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


@transaction.atomic
def end_session(user: User, *, session_id: int) -> bool:
    """End one session of ``user``; False when it had ended, or is somebody else's."""
    row = UserSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    return True


def rename_session(*, old: str, new: str) -> None:
    """Follow a session whose key changed: it is no new sign-in, and no fresher than it was."""
    UserSession.objects.filter(session_key=old).update(session_key=new)


def note_seen(user: User, *, key: str, address: str, device: str, now: datetime) -> None:
    """Remember where and when the session with ``key`` was last used, every SEEN_STEP at most.

    ``address`` is an IP address, ``device`` the User-Agent header.
    """
    known = UserSession.objects.filter(session_key=key).first()
    if known is not None and known.user_id == user.pk and now - known.last_seen_at < SEEN_STEP:
        return
    longest = UserSession._meta.get_field("user_agent").max_length
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user": user,
            "ip": address,
            "user_agent": device[:longest],
            "last_seen_at": now,
        },
    )
