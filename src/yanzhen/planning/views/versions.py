"""Versions: keep one, look at two side by side, take one back into the draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import (
    DraftConflict,
    NothingToCut,
    actor_may_write,
    cut_version,
    restore_version,
    save_version,
)
from yanzhen.planning.content import Content, SegmentContent
from yanzhen.planning.diffing import RunKind
from yanzhen.planning.diffing_parts import diff_contents, diff_terms
from yanzhen.planning.forms import NoteForm
from yanzhen.planning.forms_writing import NotReadable, read_writing, salvage
from yanzhen.planning.models import Post, Version, content_of
from yanzhen.planning.pieces import files_of
from yanzhen.planning.queries import versions_of
from yanzhen.planning.views.composer import composer_context, draft_of, post_for, url_of
from yanzhen.planning.views.conflicts import conflict_answer
from yanzhen.planning.views.refusing import NOT_KEPT, why_not_kept

DRAFT = "draft"


@asks(Decision.POST_WRITE)
@require_POST
def version_save(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a version. The plain form sends the words along and has them saved first."""
    post = post_for(request.member, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _trouble(request, post, " ".join(str(error) for error in form.errors["note"]))
    before = post.version_id
    try:
        version = _kept(request, post, form.cleaned_data["note"])
    except DraftConflict as conflict:
        return conflict_answer(request, post, conflict.draft, read_writing(request), piece=False)
    except (*NOT_KEPT, NothingToCut, MoveRefused) as refused:
        status = 409 if isinstance(refused, MoveRefused) else 422
        sent = salvage(request) if "text" in request.POST else None
        return _trouble(request, post, _why_not(refused), status=status, sent=sent)
    words = {"version": str(version)}
    if version.pk == before:
        text = _("Nothing has changed since %(version)s.") % words
    else:
        text = _("Kept as %(version)s.") % words
    return say(request, _list(request, post), text)


def _kept(request: MemberRequest, post: Post, note: str) -> Version:
    """Cut the draft; what the plain form sends along is saved first, in the same step."""
    if "text" not in request.POST:
        return cut_version(post, by=request.member, note=note, now=now())
    sent = read_writing(request)
    return save_version(
        post,
        by=request.member,
        texts=sent.texts,
        extras=sent.extras,
        terms=sent.terms,
        revision=sent.revision,
        note=note,
        now=now(),
    )


def _why_not(refused: Exception) -> str:
    if isinstance(refused, NothingToCut):
        return _("There are no words yet to keep as a version.")
    if isinstance(refused, MoveRefused):
        return _("The post has moved on, so its text is fixed.")
    return why_not_kept(refused)


def _list(request: MemberRequest, post: Post) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("post", post.pk)
    return render(request, "planning/post.html#versions", composer_context(request, post))


def _trouble(
    request: MemberRequest, post: Post, why: str, *, status: int = 422, **more: Any
) -> HttpResponse:
    piece = "#versions" if request.headers.get("HX-Request") else ""
    name = "version_trouble" if piece else "trouble"
    more[name] = why
    context = composer_context(request, post, **more)
    return render(request, f"planning/post.html{piece}", context, status=status)


@members
@require_GET
def compare(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what changed from one version to another or to the draft (?a=3&b=draft).

    Without a choice: the last two versions, or the last one and the draft when they differ.
    """
    post = post_for(request.member, pk)
    versions = list(versions_of(post).prefetch_related("segments"))
    draft = draft_of(post)
    names = [DRAFT, *(str(version.number) for version in versions)]
    contents = {str(version.number): content_of(version) for version in versions}
    contents[DRAFT] = draft.content
    b = request.GET.get("b", "")
    if b not in names:
        changed = not versions or _differ(contents[str(versions[0].number)], draft.content)
        b = DRAFT if changed else str(versions[0].number)
    a = request.GET.get("a", "")
    if a not in names or a == DRAFT:
        older = names[names.index(b) + 1 :]
        a = older[0] if older else (names[1] if versions else "")
    before, after = contents.get(a), contents[b]
    rows = diff_contents(before.segments if before else (), after.segments)
    terms = diff_terms(before or after, after, url_of(post))
    context = {
        "post": post,
        "versions": versions,
        "draft": draft,
        "a": a,
        "b": b,
        "shown": next((v for v in versions if str(v.number) == a), None),
        "rows": rows,
        "term_rows": terms,
        "files": files_of([row.content for row in rows] + _before(before), post.workspace_id),
        "changed": any(row.changed for row in rows)
        or any(line.kind is not RunKind.SAME for line in terms),
        "may_restore": bool(a) and actor_may_write(request.member, post),
    }
    return render(request, "planning/compare.html", context)


def _before(content: Content | None) -> list[SegmentContent]:
    return list(content.segments) if content else []


def _differ(one: Content, other: Content) -> bool:
    return one.segments != other.segments or one.terms != other.terms


@asks(Decision.POST_WRITE)
@require_POST
def version_restore(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Put a version's text into the draft; what stood there is kept as a version first."""
    post = post_for(request.member, pk)
    rows: Any = Version.objects.filter(post=post)
    version = get_object_or_404(rows, number=number)
    try:
        revision = read_writing(request).revision
        restore_version(post, version, by=request.member, revision=revision, now=now())
    except NotReadable:
        return _trouble(request, post, _("This page is too old to save. Reload it."))
    except DraftConflict as conflict:
        text = _(
            "%(name)s changed the draft meanwhile, so nothing was restored. Look again, then "
            "restore."
        ) % {"name": conflict.draft.saved_by}
        return _trouble(request, post, text, status=409)
    text = _("The draft is %(version)s again. What stood there is kept as a version.")
    return say(request, redirect("post", pk), text % {"version": str(version)})
