"""Saving what is being written, from the page's script or from the plain form."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import (
    MOST_SEGMENTS,
    DraftConflict,
    TooManySegments,
    merge_draft,
    save_draft,
)
from yanzhen.planning.diffing import diff_text, pair_segments
from yanzhen.planning.forms import NotReadable, Writing, read_writing
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.states import PostState
from yanzhen.planning.views.composer import composer_context, post_for


@asks(Decision.POST_WRITE)
@require_http_methods(["POST", "PUT"])
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the draft; 409 with both texts when somebody else saved other words meanwhile."""
    post = post_for(request.member, pk)
    by_script = request.content_type == "application/json"
    try:
        writing = read_writing(request)
        texts, goal = _rearranged(writing.texts, request.POST.get("do", ""))
        saved = save_draft(
            post, by=request.member, texts=texts, revision=writing.revision, now=now()
        )
    except NotReadable:
        return _refused(request, post, _("This page is too old to save. Reload it."), [], 422)
    except (TextRefused, TooManySegments) as refused:
        return _refused(request, post, why_not_kept(refused), writing.texts, 422)
    except MoveRefused as moved:
        return _refused(request, post, _not_writable(moved), writing.texts, 409)
    except DraftConflict as conflict:
        return conflict_answer(request, post, conflict.draft, texts, piece=by_script)
    if by_script:
        return JsonResponse(
            {"revision": saved.revision, "saved": f"{localtime(saved.saved_at):%H:%M}"}
        )
    return redirect(reverse("post", args=[pk]) + (f"#d{goal}" if goal else ""))


def why_not_kept(refused: Exception) -> str:
    """Say why these texts cannot be a draft, and what to do."""
    if isinstance(refused, TooManySegments):
        return _("A thread has %(most)d posts at most. Take some out.") % {"most": MOST_SEGMENTS}
    return str(refused)


def _not_writable(moved: MoveRefused) -> str:
    state = PostState(moved.found).label if moved.found in PostState else moved.found
    return _(
        "The post has moved on (%(state)s), so its text is fixed. Copy your words, then open it "
        "for changes."
    ) % {"state": state}


def _refused(
    request: MemberRequest, post: Post, why: str, texts: Sequence[str], status: int
) -> HttpResponse:
    """Answer a script in JSON and a form with the page, its words still in it."""
    if request.content_type == "application/json":
        return JsonResponse({"why": why}, status=status)
    post.refresh_from_db(fields=["state", "state_version"])
    context = composer_context(request, post, texts=list(texts), trouble=why)
    if not context["writing"]:
        context["unsaved"] = list(texts)
    return render(request, "planning/post.html", context, status=status)


def _rearranged(texts: list[str], wish: str) -> tuple[list[str], int]:
    """Do what a button of the plain form asks: add, remove-2, up-2, down-2 (counted from 1).

    Returns the texts and the segment to go to, 0 for none. An unknown wish changes nothing.
    """
    verb, _dash, number = wish.partition("-")
    at = next((each for each in range(len(texts)) if number == str(each + 1)), -1)
    texts = list(texts)
    if verb == "add":
        return [*texts, ""], len(texts) + 1
    if not 0 <= at < len(texts):
        return texts, 0
    if verb == "remove":
        return texts[:at] + texts[at + 1 :] or [""], min(at + 1, max(1, len(texts) - 1))
    to = {"up": max(0, at - 1), "down": min(len(texts) - 1, at + 1)}.get(verb, at)
    texts.insert(to, texts.pop(at))
    return texts, to + 1


def conflict_answer(
    request: MemberRequest, post: Post, draft: Draft, mine: Sequence[str], *, piece: bool
) -> HttpResponse:
    """Answer 409 with theirs beside mine; ``piece`` leaves out the page around it."""
    rows = [
        {"pair": pair, "runs": diff_text(pair.before or "", pair.after or "")}
        for pair in pair_segments(draft.texts, mine)
    ]
    context = {"merge": rows, "mine": mine, "theirs": draft}
    if piece:
        page = {"post": post, **context}
        return render(request, "planning/_merge.html", page, status=409)
    whole = composer_context(request, post, texts=list(mine), draft=draft, **context)
    return render(request, "planning/post.html", whole, status=409)


@asks(Decision.POST_WRITE)
@require_POST
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Settle a conflict as chosen, segment by segment; theirs is kept as a version first.

    Wants ``revision`` (theirs), my texts as ``mine`` and "choice-N" (theirs, mine or both) for
    each pair that differs, counted from 0. What is not chosen stays mine.
    """
    post = post_for(request.member, pk)
    mine = [text.replace("\r\n", "\n") for text in request.POST.getlist("mine")]
    try:
        chosen = _chosen(_draft_at(post, read_writing(request).revision), mine, request)
        merge_draft(
            post, by=request.member, texts=chosen.texts, revision=chosen.revision, now=now()
        )
    except NotReadable:
        return _refused(request, post, _("This page is too old to save. Reload it."), mine, 422)
    except (TextRefused, TooManySegments) as refused:
        return _refused(request, post, why_not_kept(refused), mine, 422)
    except MoveRefused as moved:
        return _refused(request, post, _not_writable(moved), mine, 409)
    except DraftConflict as conflict:
        piece = request.headers.get("X-Requested-With") == "fetch"
        return conflict_answer(request, post, conflict.draft, mine, piece=piece)
    return redirect("post", pk)


def _draft_at(post: Post, revision: int) -> Draft:
    """Return the draft the choice was made about. Raises DraftConflict when it has moved on."""
    current = Draft.objects.select_related("saved_by__user").get(post=post)
    if current.revision != revision:
        raise DraftConflict(current)
    return current


def _chosen(theirs: Draft, mine: Sequence[str], request: MemberRequest) -> Writing:
    texts: list[str] = []
    for index, pair in enumerate(pair_segments(theirs.texts, mine)):
        choice = "mine" if pair.same else request.POST.get(f"choice-{index}", "mine")
        kept = {"theirs": [pair.before], "both": [pair.before, pair.after]}
        texts += (text for text in kept.get(choice, [pair.after]) if text is not None)
    return Writing(texts=texts or [""], revision=theirs.revision)
