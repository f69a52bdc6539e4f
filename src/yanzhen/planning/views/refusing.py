"""Why what somebody wrote was not kept, with their words still in front of them."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest
from yanzhen.planning.actions.writing import MOST_SEGMENTS, TooManySegments
from yanzhen.planning.attachments import MOST_KEPT
from yanzhen.planning.content import BadContent
from yanzhen.planning.forms_writing import NoPost, NotReadable, Writing, salvage
from yanzhen.planning.media_rules import MOST_ALT
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.views.composer import composer_context

#: What a form that says too little, or a draft that cannot be kept, is refused with.
NOT_KEPT = (NotReadable, NoPost, TextRefused, TooManySegments, BadContent)


def why_not_kept(refused: Exception) -> str:
    """Say why this cannot be a draft, and what to do."""
    if isinstance(refused, TooManySegments):
        return _("A thread has %(most)d posts at most. Take some out.") % {"most": MOST_SEGMENTS}
    if isinstance(refused, NotReadable):
        return _("This page is too old to save. Reload it.")
    if isinstance(refused, BadContent):
        return _bad_content(str(refused))
    return str(refused)


def _bad_content(fault: str) -> str:
    if fault == "alt: too long":
        most = {"most": MOST_ALT}
        return _("An alt text has %(most)d characters at most. Shorten it.") % most
    if fault == "media: too many":
        return _("Keep at most %(most)d files on a post.") % {"most": MOST_KEPT}
    if fault == "media: under embargo":
        return _("A file here belongs to an embargoed post. Take it out.")
    if fault.startswith("media:"):
        return _("A file here is not in this workspace’s library. Take it out.")
    return _("This page is too old to save. Reload it.")


def not_writable(moved: MoveRefused) -> str:
    """Say that the text is fixed, and where the post stands."""
    state = PostState(moved.found).label if moved.found in PostState else moved.found
    return _(
        "The post has moved on (%(state)s), so its text is fixed. Copy your words, then open it "
        "for changes."
    ) % {"state": state}


def refused_answer(
    request: MemberRequest, post: Post, why: str, sent: Writing | None, status: int
) -> HttpResponse:
    """Answer a script in JSON and a form with the page, what was sent still in it."""
    if request.content_type == "application/json":
        return JsonResponse({"why": why}, status=status)
    kept = salvage(request) if sent is None else sent
    post.refresh_from_db(fields=["state", "state_version"])
    context = composer_context(request, post, sent=kept, trouble=why)
    if not context["writing"]:
        context["unsaved"] = list(kept.texts)
    return render(request, "planning/post.html", context, status=status)
