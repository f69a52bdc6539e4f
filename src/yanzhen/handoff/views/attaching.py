"""What hangs on a log: recordings, and links to documents somewhere else."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.handoff.actions.attaching import (
    MOST_ATTACHED,
    NotAVideo,
    TooManyAttached,
    add_link,
    add_video,
    caption_video,
    remove_attachment,
)
from yanzhen.handoff.actions.checks import Gone, require_writer
from yanzhen.handoff.captions import track_of
from yanzhen.handoff.forms import CaptionsForm, LinkForm, VideoForm
from yanzhen.handoff.models import Attachment, Handover
from yanzhen.handoff.queries import may_record, may_record_somewhere
from yanzhen.handoff.views.one import find, page
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.library.refused import MediaRefused
from yanzhen.library.words import refusal
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision, NotAllowed


def _too_many() -> str:
    return _("A log holds %(most)d videos and links at most.") % {"most": MOST_ATTACHED}


@members
@require_POST
def link(request: MemberRequest, pk: int) -> HttpResponse:
    """Link a document."""
    found, form = find(request.member, pk), LinkForm(request.POST)
    if not form.is_valid():
        return page(request, found, link_form=form, status=422)
    try:
        add_link(found, **form.cleaned_data, by=request.member, now=now())
    except TextRefused as refused:
        form.add_error("title", str(refused))
    except TooManyAttached:
        form.add_error(None, _too_many())
    else:
        return redirect("handoff", pk)
    return page(request, found, link_form=form, status=422)


@members
@require_POST
def video(request: MemberRequest) -> HttpResponse:
    """Take a recording in and hang it on a log; a script is answered in JSON."""
    if not may_record_somewhere(request.member):
        # Then the edge has read nothing of what they sent.
        raise NotAllowed(Decision.LEAD_SET, "no_right")
    found = find(request.member, parse_id(request.POST.get("handover")) or 0)
    require_writer(found, request.member, asks=may_record)
    by_script = request.headers.get("Accept") == "application/json"
    why = _take(request, found)
    if by_script:
        if why:
            return JsonResponse({"error": why}, status=422)
        return JsonResponse({"id": found.pk})
    if why:
        return page(request, found, note=why, status=422)
    messages.success(request, _("The video is on the log."))
    return redirect("handoff", found.pk)


def _take(request: MemberRequest, found: Handover) -> str:
    """Keep the one file that came; return why not, "" when all is well."""
    files, form = request.FILES.getlist("file"), VideoForm(request.POST)
    if len(files) != 1 or not form.is_valid():
        return _("Choose one video, and a short title.")
    moment = now()
    usual = formats.date_format(timezone.localtime(moment), pgettext("date format", "j F, H:i"))
    title = form.cleaned_data["title"] or _("Video of %(time)s") % {"time": usual}
    try:
        add_video(
            found,
            file=cast(BinaryIO, files[0].file),
            name=files[0].name or "",
            title=title,
            captions=form.cleaned_data["captions"],
            by=request.member,
            now=moment,
        )
    except (MediaRefused, NotAVideo, TooManyAttached, TextRefused) as refused:
        return _why(refused)
    return ""


def _why(refused: Exception) -> str:
    if isinstance(refused, MediaRefused):
        return refusal(refused)
    if isinstance(refused, NotAVideo):
        return _("This is no video. It is in the library now; link what should be read.")
    return _too_many() if isinstance(refused, TooManyAttached) else str(refused)


@members
@require_GET
def captions(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the words of a video as a track of captions (WebVTT)."""
    seen = Handover.objects.visible_to(request.member)
    found = get_object_or_404(Attachment, pk=pk, handover__in=seen)
    return HttpResponse(track_of(found.captions), content_type="text/vtt; charset=utf-8")


@members
@require_POST
def attachment(request: MemberRequest, pk: int) -> HttpResponse:
    """Save a video's words, or take something off the log with do=remove."""
    seen = Handover.objects.visible_to(request.member)
    rows = Attachment.objects.select_related("handover__outgoing__user")
    found = get_object_or_404(rows, pk=pk, handover__in=seen)
    handover_id = found.handover_id
    try:
        if request.POST.get("do") == "remove":
            remove_attachment(found, by=request.member)
            return redirect("handoff", handover_id)
        return _caption(request, found)
    except Gone:
        said = _("Somebody took this off the log meanwhile. Here is how it stands now.")
        return page(request, find(request.member, handover_id), note=said, status=409)


def _caption(request: MemberRequest, found: Attachment) -> HttpResponse:
    """Save a video's words. Raises Gone."""
    handover_id, form = found.handover_id, CaptionsForm(request.POST)
    if not form.is_valid():
        said = _("These words are too long. Shorten them.")
        return page(request, find(request.member, handover_id), note=said, status=422)
    try:
        caption_video(found, captions=form.cleaned_data["captions"], by=request.member)
    except TextRefused as refused:
        return page(request, find(request.member, handover_id), note=str(refused), status=422)
    return redirect("handoff", handover_id)
