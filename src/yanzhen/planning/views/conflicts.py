"""Two people wrote at once: both posts side by side, and what was chosen of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import DraftConflict, merge_draft
from yanzhen.planning.attachments import clean_extras
from yanzhen.planning.content import Content, SegmentContent, Terms, read_segments
from yanzhen.planning.diffing_parts import ContentPair, diff_pair, diff_terms, pair_contents
from yanzhen.planning.forms_writing import (
    NotReadable,
    Writing,
    read_extras,
    read_terms,
    read_writing,
)
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.pieces import files_of
from yanzhen.planning.views.composer import composer_context, draft_of, post_for, url_of
from yanzhen.planning.views.refusing import NOT_KEPT, not_writable, refused_answer, why_not_kept


def conflict_answer(
    request: MemberRequest, post: Post, draft: Draft, sent: Writing, *, piece: bool
) -> HttpResponse:
    """Answer 409 with theirs beside mine; ``piece`` leaves out the page around it."""
    draft.post = post
    theirs, mine = draft.content, _mine(post, draft, sent)
    context = {
        "merge": [
            {"pair": pair, "diff": diff_pair(pair)}
            for pair in pair_contents(theirs.segments, mine.segments)
        ],
        "files": files_of([*theirs.segments, *mine.segments], post.workspace_id),
        "mine": [
            {"text": segment.text, "extra": json.dumps(segment.extras())}
            for segment in mine.segments
        ],
        "mine_terms": json.dumps(mine.terms.as_json()),
        "terms_differ": theirs.terms != mine.terms,
        "terms_merge": diff_terms(theirs, mine, url_of(post)),
        "theirs": draft,
    }
    if piece:
        page = {"post": post, **context}
        return render(request, "planning/_merge.html", page, status=409)
    whole = composer_context(request, post, sent=sent, draft=draft, **context)
    return render(request, "planning/post.html", whole, status=409)


def _mine(post: Post, draft: Draft, sent: Writing) -> Content:
    """Return what was sent, in the form drafts have; what was not told is as in theirs."""
    texts = sent.texts or [""]
    extras = draft.extras if sent.extras is None else sent.extras
    theirs = draft.content
    return replace(
        theirs,
        segments=read_segments(texts, clean_extras(texts, extras, post.workspace_id)),
        terms=theirs.terms if sent.terms is None else sent.terms,
    )


@asks(Decision.POST_WRITE)
@require_POST
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Settle a conflict as chosen, segment by segment; theirs is kept as a version first.

    Wants ``revision`` (theirs), my texts as ``mine`` with ``mine-extra`` (JSON) beside each,
    ``mine-terms``, and "choice-N" (theirs, mine or both) for each pair that differs, counted from
    0, as ``choice-terms``. What is not chosen stays mine.
    """
    post = post_for(request.member, pk)
    sent = Writing(texts=request.POST.getlist("mine"), revision=0)
    try:
        revision = read_writing(request).revision
        sent = _sent(request, revision)
        clean_extras(sent.texts, sent.extras or [], post.workspace_id)
        theirs = _draft_at(post, revision)
        mine = _mine(post, theirs, sent)
        segments = _chosen(theirs.content, mine, request.POST)
        merge_draft(
            post,
            by=request.member,
            texts=[segment.text for segment in segments],
            extras=[segment.extras() for segment in segments],
            terms=_chosen_terms(theirs.content.terms, mine.terms, request.POST),
            revision=revision,
            now=now(),
        )
    except NOT_KEPT as refused:
        return refused_answer(request, post, why_not_kept(refused), sent, 422)
    except MoveRefused as moved:
        return refused_answer(request, post, not_writable(moved), sent, 409)
    except DraftConflict as conflict:
        piece = request.headers.get("X-Requested-With") == "fetch"
        return conflict_answer(request, post, conflict.draft, sent, piece=piece)
    return redirect("post", pk)


def _sent(request: MemberRequest, revision: int) -> Writing:
    """Read my side as the form carries it along. Raises NotReadable."""
    texts = [text.replace("\r\n", "\n") for text in request.POST.getlist("mine")]
    parts = request.POST.getlist("mine-extra")
    terms = request.POST.get("mine-terms", "")
    try:
        extras = read_extras([json.loads(part) for part in parts])
        own = read_terms(json.loads(terms)) if terms else None
    except (ValueError, RecursionError):
        raise NotReadable("what hangs on my posts") from None
    return Writing(texts=texts, revision=revision, extras=extras, terms=own)


def _draft_at(post: Post, revision: int) -> Draft:
    """Return the draft the choice was made about. Raises DraftConflict when it has moved on."""
    current = draft_of(post)
    if current.revision != revision:
        raise DraftConflict(current)
    return current


def _chosen(theirs: Content, mine: Content, sent: Mapping[str, Any]) -> list[SegmentContent]:
    kept: list[SegmentContent] = []
    for index, pair in enumerate(pair_contents(theirs.segments, mine.segments)):
        choice = "mine" if pair.same else sent.get(f"choice-{index}", "mine")
        if choice == "both":
            kept += both(pair)
        else:
            one = pair.before if choice == "theirs" else pair.after
            kept += [one] if one is not None else []
    return kept or [SegmentContent("")]


def both(pair: ContentPair) -> list[SegmentContent]:
    """Keep both sides: two posts, or one with all that hangs on it where the words are the same."""
    theirs, mine = pair.before, pair.after
    if theirs is None or mine is None or theirs.text != mine.text:
        return [side for side in (theirs, mine) if side is not None]
    known = {use.media for use in mine.media}
    more = tuple(use for use in theirs.media if use.media not in known)
    return [replace(mine, media=(*mine.media, *more), poll=mine.poll or theirs.poll)]


def _chosen_terms(theirs: Terms, mine: Terms, sent: Mapping[str, Any]) -> Terms:
    return theirs if sent.get("choice-terms") == "theirs" else mine
