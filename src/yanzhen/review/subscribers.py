"""What review does when others announce something, inside their transaction."""

from __future__ import annotations

from django.db.models import QuerySet

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.activity.veils import veil
from yanzhen.people.events import WORKSPACE_CREATED
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.events import POST_DROPPED, POST_REVISED
from yanzhen.review.actions.flows import seed_flow
from yanzhen.review.actions.rounds import close_round_of
from yanzhen.review.models import Round


def _veiled_rounds(member: Member) -> QuerySet[Round]:
    return Round.objects.filter(post_id__in=veiled_posts(member))


veil("review.round", _veiled_rounds)


def _actor(event: Told) -> Ref:
    return Ref(event.actor_type, event.actor_id, event.actor_label)


def _give_flow(event: Told) -> None:
    """A new workspace starts with the three levels."""
    seed_flow(Workspace.objects.get(pk=event.workspace_id), now=event.at)


def _close_revised(event: Told) -> None:
    """Editing opens a new round, so the old one ends here."""
    close_round_of(int(event.subject_id), because="revised", by=_actor(event), now=event.at)


def _close_dropped(event: Told) -> None:
    """Nobody should judge what will not be used."""
    close_round_of(int(event.subject_id), because="dropped", by=_actor(event), now=event.at)


within(WORKSPACE_CREATED, _give_flow)
within(POST_REVISED, _close_revised)
within(POST_DROPPED, _close_dropped)
