"""The discussions of a post: reading, saying, answering, resolving."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.discussion.actions import settling, talking
from yanzhen.discussion.forms import CommentForm
from yanzhen.discussion.states import ThreadState
from yanzhen.discussion.views.answers import (
    Stays,
    again,
    own_comment_for,
    panel,
    post_for,
    refused,
    say,
    stays,
    thread_for,
)
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members


def _read(request: MemberRequest) -> CommentForm:
    """Read the form. Raises Stays with what to do when it is not valid."""
    form = CommentForm(request.POST)
    if form.is_valid():
        return form
    if "segment" in form.errors:
        raise Stays(_("Choose one of the posts, or leave it open where the passage stands."), 422)
    raise talking.NothingSaid


@members
@require_GET
def post_discussion(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the discussions of a post: ?show=open or resolved."""
    post = post_for(request.member, pk)
    answer = panel(request, post, show=request.GET.get("show", ""))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "HX-Request"
    return answer


@members
@require_POST
def discussion_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin a discussion with ``body``, about the passage ``quote`` of ``segment`` if given."""
    post = post_for(request.member, pk)
    try:
        with stays():
            form = _read(request)
            comment = talking.open_thread(
                post,
                by=request.member,
                body=form.cleaned_data["body"],
                quote=form.cleaned_data["quote"],
                position=form.position,
                now=now(),
            )
    except Stays as why:
        return refused(request, post, why, at="new", form=CommentForm(request.POST))
    return again(request, post, place=f"#thread-{comment.thread_id}")


@members
@require_POST
def discussion_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer in a discussion with ``body``."""
    thread = thread_for(request.member, pk)
    try:
        with stays():
            body = _read(request).cleaned_data["body"]
            talking.answer_thread(thread, by=request.member, body=body, now=now())
    except Stays as why:
        form, at = CommentForm(request.POST), f"thread-{pk}"
        return refused(request, thread.post, why, at=at, form=form, show=thread.state)
    return again(request, thread.post, show=thread.state, place=f"#thread-{pk}")


@members
@require_POST
def discussion_resolve(request: MemberRequest, pk: int) -> HttpResponse:
    """Resolve a discussion."""
    thread = thread_for(request.member, pk)
    try:
        with stays():
            settling.resolve_thread(thread, by=request.member, now=now())
    except Stays as why:
        return _moved(request, pk, why)
    say(request, _("Resolved."), undo=reverse("discussion-reopen", args=[pk]))
    return again(request, thread.post)


@members
@require_POST
def discussion_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Open a resolved discussion again."""
    thread = thread_for(request.member, pk)
    try:
        with stays():
            settling.reopen_thread(thread, by=request.member, now=now())
    except Stays as why:
        return _moved(request, pk, why)
    say(request, _("Open again."), undo=reverse("discussion-resolve", args=[pk]))
    return again(request, thread.post, place=f"#thread-{pk}")


def _moved(request: MemberRequest, pk: int, why: Stays) -> HttpResponse:
    thread = thread_for(request.member, pk)
    return panel(
        request,
        thread.post,
        show=ThreadState(thread.state).value,
        status=why.status,
        trouble=str(why),
        at=f"thread-{pk}",
    )


@members
@require_POST
def comment_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Put one's own comment into other words: ``body``."""
    comment = own_comment_for(request.member, pk)
    thread = comment.thread
    try:
        with stays():
            body = _read(request).cleaned_data["body"]
            talking.change_comment(comment, by=request.member, body=body, now=now())
    except Stays as why:
        form, at = CommentForm(request.POST), f"comment-{pk}"
        return refused(request, thread.post, why, at=at, form=form, show=thread.state)
    return again(request, thread.post, show=thread.state, place=f"#thread-{thread.pk}")


@members
@require_POST
def comment_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's own comment back."""
    comment = own_comment_for(request.member, pk)
    talking.remove_comment(comment, by=request.member, now=now())
    say(request, _("Your comment is gone."), undo=reverse("comment-restore", args=[pk]))
    return again(request, comment.thread.post, show=comment.thread.state)


@members
@require_POST
def comment_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Let one's own comment stand again."""
    comment = own_comment_for(request.member, pk)
    talking.restore_comment(comment, by=request.member, now=now())
    say(request, _("Your comment is back."))
    thread = comment.thread
    return again(request, thread.post, show=thread.state, place=f"#thread-{thread.pk}")
