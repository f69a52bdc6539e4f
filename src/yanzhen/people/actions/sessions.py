"""Ending sign-ins. Whoever signs in gets a row each; see allauth.usersessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.people.events import OTHERS_ENDED, PASSWORD_SET, OthersOut
from yanzhen.people.models import Member, User

#: In a session: the number of the workspace somebody chose.
WORKSPACE_KEY = "workspace"

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
def end_sessions_in(member: Member) -> int:
    """End the sessions of a former member that stand in their workspace; return how many ended.

    Whoever is active nowhere else has none left. Pages that stand in another workspace go on there.
    """
    others = list(
        Member.objects.active()
        .filter(user=member.user_id)
        .exclude(pk=member.pk)
        .order_by("joined_at", "pk")
    )
    if not others:
        return end_sessions_of(member.user)
    elsewhere = {other.workspace_id for other in others}
    # Without a choice that holds, a session stands where its person joined first.
    first = (member.joined_at, member.pk) < (others[0].joined_at, others[0].pk)
    rows = UserSession.objects.filter(user=member.user_id)
    ended = 0
    for session in Session.objects.filter(session_key__in=rows.values("session_key")):
        chosen = session.get_decoded().get(WORKSPACE_KEY)
        if chosen == member.workspace_id or (chosen not in elsewhere and first):
            rows.filter(session_key=session.session_key).delete()
            session.delete()
            ended += 1
    return ended


@transaction.atomic
def end_other_sessions(user: User, *, but: str, now: datetime) -> int:
    """End every session of ``user`` except ``but``, and what else somebody could go on reading by.

    For the day a person fears that somebody has their session. Rooms above end what is theirs: news
    pushed to other browsers, links of calendars and of Slack. Returns how many sessions ended.
    """
    return _shut_out(user, OTHERS_ENDED, but=but, now=now)


@transaction.atomic
def change_password(user: User, *, password: str, session_key: str = "", now: datetime) -> User:
    """Set a new password and end what end_other_sessions ends.

    ``session_key`` names the session to keep; "" (a forgotten password) ends them all.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    _shut_out(user, PASSWORD_SET, but=session_key, now=now)
    return user


def _shut_out(user: User, kind: Kind, *, but: str, now: datetime) -> int:
    ended = end_sessions_of(user, but=but)
    kept = UserSession.objects.filter(user=user, session_key=but).first() if but else None
    members = Member.objects.active().filter(user=user).select_related("user")
    for member in members.order_by("workspace_id"):
        record(
            kind,
            OthersOut(kept=kept.pk if kept else 0),
            actor=member.ref,
            subject=member.ref,
            workspace_id=member.workspace_id,
            at=now,
        )
    return ended


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
