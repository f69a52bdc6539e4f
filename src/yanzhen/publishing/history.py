"""What happened to one post, from the log, each line with who had the lead then; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yanzhen.activity.feed import events, sentence
from yanzhen.planning.models import Post
from yanzhen.review.models import Round

MOST_LINES = 40
#: What follows from the line beside it.
TOO_SMALL = ("planning.version_cut", "planning.post_changed")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``lead`` is the name of who had the lead then, "" for nobody."""

    said: str
    at: datetime
    lead: str


def history_of(post: Post) -> Sequence[Line]:
    """Return what happened to the post and its rounds of review, the newest first; two queries.

    ``post`` comes from a visible_to() queryset.
    """
    rounds = [round_.ref for round_ in Round.objects.filter(post=post).select_related("post")]
    about = Q(subject_type=post.ref.type, subject_id=post.ref.id)
    if rounds:
        about |= Q(subject_type=rounds[0].type, subject_id__in=[ref.id for ref in rounds])
    found = events().objects.in_workspace(post.workspace_id).filter(about)
    newest = found.exclude(kind__in=TOO_SMALL).newest_first()[:MOST_LINES]
    return [Line(sentence(event), event.at, event.lead_name) for event in newest]
