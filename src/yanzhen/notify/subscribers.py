"""What the rooms below announce that members are told of."""

from __future__ import annotations

from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.notify.actions.pushing import remove_browsers_of, remove_other_browsers
from yanzhen.notify.actions.rewriting import rewrite_messages
from yanzhen.notify.actions.slack import end_links_of
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.events import ACKNOWLEDGED
from yanzhen.notify.wiring import tells
from yanzhen.people.events import (
    DELEGATED,
    DELEGATION_BEGUN,
    DELEGATION_ENDED,
    DELEGATION_ENDING,
    DELEGATION_OVER,
    MEMBER_LEFT,
    OTHERS_ENDED,
    PASSWORD_SET,
)
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.signin.events import FACTORS_RESET, SCIM_TOKEN_ENDED


def _tell_both(event: Told) -> None:
    """Tell both of a delegation, except whoever did it."""
    both = [event.data["giver_id"], event.data["receiver_id"]]
    told = Member.objects.active().filter(workspace_id=event.workspace_id, pk__in=both)
    if event.actor_type == "people.member":
        told = told.exclude(pk=event.actor_id)
    tell(event, members=told, url=reverse("delegations"))


tells(
    DELEGATED,
    DELEGATION_BEGUN,
    DELEGATION_ENDING,
    DELEGATION_OVER,
    DELEGATION_ENDED,
    listener=_tell_both,
)


def _tell_key(event: Told) -> None:
    """The directory no longer keeps members in step: whoever could make it a new key."""
    team = Member.objects.filter(workspace_id=event.workspace_id).holding(Decision.MEMBER_ROLES)
    able = [member for member in team if member.may(Decision.WORKSPACE_EDIT)]
    tell(event, members=able, url=reverse("sign-in-rules"))


tells(SCIM_TOKEN_ENDED, listener=_tell_key)


def _shut_out(event: Told) -> None:
    """Whoever ended their other sessions wants nobody to go on reading elsewhere.

    Where an administrator reset how they sign in, no session is kept.
    """
    member_id, by = int(event.subject_id), Ref(event.actor_type, event.actor_id, event.actor_label)
    remove_other_browsers(member_id, signed_in=event.data.get("kept", 0))
    end_links_of(member_id, by=by, now=event.at)


for kind in (PASSWORD_SET, OTHERS_ENDED, FACTORS_RESET):
    within(kind, _shut_out)


def _let_go(event: Told) -> None:
    """Whoever leaves hears nothing more, nor again on coming back before they ask for it."""
    member_id = int(event.subject_id)
    remove_browsers_of(member_id)
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    end_links_of(member_id, by=by, now=event.at)


within(MEMBER_LEFT, _let_go)


def _say_who_knows(event: Told) -> None:
    """Somebody has taken notice: every message about it says so."""
    rewrite_messages(event.data["event"], now=event.at)


within(ACKNOWLEDGED, _say_who_knows)
