"""What ideas tell the library: the briefs its files hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from yanzhen.ideas.models import Idea
from yanzhen.library import ports
from yanzhen.library.ports import Used
from yanzhen.people.models import Member


def briefs_used(viewer: Member, ids: Sequence[str]) -> Mapping[str, Used]:
    """Return those of these ideas that ``viewer`` may see, as the library shows them; one query."""
    ideas = Idea.objects.visible_to(viewer).filter(pk__in=[int(pk) for pk in ids])
    return {
        str(idea.pk): Used(
            title=idea.title,
            url=reverse("idea", args=[idea.pk]),
            stage=idea.get_state_display(),
        )
        for idea in ideas
    }


ports.tell_uses("ideas.idea", briefs_used)
