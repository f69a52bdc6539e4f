"""Saving what is being written, from the page's script or from the plain form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import DraftConflict, save_draft
from yanzhen.planning.content import Json
from yanzhen.planning.forms_writing import Writing, read_writing
from yanzhen.planning.link_tags import with_tags
from yanzhen.planning.models import Post
from yanzhen.planning.queries_writing import link_tags_of
from yanzhen.planning.rearranging import pair_up, rearranged
from yanzhen.planning.views.composer import draft_of, post_for
from yanzhen.planning.views.conflicts import conflict_answer
from yanzhen.planning.views.refusing import NOT_KEPT, not_writable, refused_answer, why_not_kept


@asks(Decision.POST_WRITE)
@require_http_methods(["POST", "PUT"])
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the draft; 409 with both texts when somebody else saved other words meanwhile."""
    post = post_for(request.member, pk)
    by_script = request.content_type == "application/json"
    wish = request.POST.get("do", "")
    sent: Writing | None = None
    try:
        sent, goal = _wished(post, read_writing(request), wish)
        saved = save_draft(
            post,
            by=request.member,
            texts=sent.texts,
            extras=sent.extras,
            terms=sent.terms,
            revision=sent.revision,
            now=now(),
        )
    except NOT_KEPT as refused:
        return refused_answer(request, post, why_not_kept(refused), sent, 422)
    except MoveRefused as moved:
        return refused_answer(request, post, not_writable(moved), sent, 409)
    except DraftConflict as conflict:
        assert sent is not None  # noqa: S101 -- only what was read can be in conflict
        return conflict_answer(request, post, conflict.draft, sent, piece=by_script)
    if by_script:
        return JsonResponse(
            {"revision": saved.revision, "saved": f"{localtime(saved.saved_at):%H:%M}"}
        )
    if wish.startswith("attach-") and goal:
        return redirect("post-attach", pk, goal)
    return redirect(reverse("post", args=[pk]) + (f"#d{goal}" if goal else ""))


def _wished(post: Post, sent: Writing, wish: str) -> tuple[Writing, int]:
    """Do what a button of the plain form asks; what hangs on a segment goes where it goes."""
    if not wish:
        return sent, 0
    if wish == "tags":
        rules = link_tags_of(post)
        texts = [with_tags(clean_text(text), rules) for text in sent.texts]
        return replace(sent, texts=texts), 1
    extras: Sequence[Json] = draft_of(post).extras if sent.extras is None else sent.extras
    parts, goal = rearranged(pair_up(sent.texts, extras), wish)
    texts, hung = [text for text, _extra in parts], [extra for _text, extra in parts]
    return Writing(texts=texts, revision=sent.revision, extras=hung, terms=sent.terms), goal
