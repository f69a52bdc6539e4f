"""The panel as an answer, and what it says when something could not be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanzhen.discussion.actions.talking import NothingSaid, PassageUnknown, TooLate
from yanzhen.discussion.forms import CommentForm
from yanzhen.discussion.models import Comment, Thread
from yanzhen.discussion.queries import SHOWS, here_at, mentionable, talk_about
from yanzhen.discussion.states import ThreadState
from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import actor_may_write
from yanzhen.planning.models import Post
from yanzhen.planning.views.composer import address_or_none

OK = 200


class Stays(Exception):
    """Nothing was changed. The words say why; ``status`` is the answer's."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@contextmanager
def stays() -> Iterator[None]:
    """Turn what is refused into words; NotAllowed passes, the frame answers it."""
    try:
        yield
    except NothingSaid:
        raise Stays(_("Write something first, 4,000 characters at most."), 422) from None
    except PassageUnknown:
        text = _("That passage is not in the text. Copy it as it stands, or leave the field empty.")
        raise Stays(text, 422) from None
    except TooLate:
        text = _("A comment can be changed for 15 minutes. Add another one instead.")
        raise Stays(text, 409) from None
    except MoveRefused as moved:
        text = _("Somebody opened this again meanwhile. You see it as it is now.")
        if moved.found == ThreadState.RESOLVED:
            text = _("Somebody resolved this meanwhile. You see it as it is now.")
        raise Stays(text, 409) from None
    except TextRefused as refused:
        raise Stays(str(refused), 422) from None


def post_for(member: Member, pk: int) -> Post:
    """Return the member's post, or raise Http404."""
    rows = Post.objects.visible_to(member).with_names()
    return get_object_or_404(rows.select_related("version"), pk=pk)


def thread_for(member: Member, pk: int) -> Thread:
    """Return a discussion the member may see, with its post, or raise Http404."""
    rows = Thread.objects.visible_to(member).select_related("post__version", "post__account")
    return get_object_or_404(rows, pk=pk)


def own_comment_for(member: Member, pk: int) -> Comment:
    """Return a comment of the member's own, with its post, or raise Http404."""
    rows = Comment.objects.visible_to(member).filter(author=member)
    return get_object_or_404(rows.select_related("thread__post__account"), pk=pk)


def panel(
    request: MemberRequest, post: Post, *, show: str = "", status: int = OK, **given: Any
) -> HttpResponse:
    """Answer with the discussions: the piece for htmx, the page around it for plain requests.

    ``given`` may be ``trouble`` (why something was refused), with ``unsaid`` (the form sent) and
    ``at`` (where: "new", "thread-N" or "comment-N").
    """
    context = {**panel_context(post, request.member, show=show), **given}
    name = "discussion/_panel.html"
    if not request.headers.get("HX-Request"):
        name = "discussion/discussion.html"
        context["here"] = here_at(post, request.member, now=now())
        context["may_take"] = may_take(request.member, post)
    return render(request, name, context, status=status)


def panel_context(post: Post, member: Member, *, show: str = "") -> dict[str, Any]:
    """Return what discussion/_panel.html shows a member, for pages that hold it."""
    show = show if show in SHOWS else ThreadState.OPEN.value
    return {
        "post": post,
        "talk": talk_about(post, member, show=show, now=now()),
        "team": mentionable(post),
        "segments": range(1, post.segment_count + 1),
        "task_url": address_or_none("task-new"),
    }


def may_take(member: Member, post: Post) -> bool:
    """Tell whether the member could hold the pen of the post."""
    return member.may(Decision.POST_WRITE, account_id=post.account_id) and actor_may_write(
        member, post
    )


def again(request: MemberRequest, post: Post, *, show: str = "", place: str = "") -> HttpResponse:
    """Answer what went well: the panel as it is now, at once or by way of its page.

    A toast's way back asks for no piece; the panel hears that it shall fetch itself.
    """
    if request.headers.get("HX-Target") == "discussion":
        return panel(request, post, show=show)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Trigger": "activity:discussion"})
    query = f"?show={show}" if show else ""
    return redirect(f"{reverse('post-discussion', args=[post.pk])}{query}{place}")


def refused(
    request: MemberRequest, post: Post, why: Stays, *, at: str, form: CommentForm, show: str = ""
) -> HttpResponse:
    """Answer what was refused: the panel with the reason where it was tried, and the words."""
    unsaid = {name: form.data.get(name, "") for name in ("body", "quote", "segment")}
    return panel(
        request, post, show=show, status=why.status, trouble=str(why), at=at, unsaid=unsaid
    )


def say(request: MemberRequest, words: str, *, undo: str = "") -> None:
    """Let a toast say what happened, with the address that takes it back."""
    messages.success(request, words, extra_tags=f"undo:{undo}" if undo else "")
