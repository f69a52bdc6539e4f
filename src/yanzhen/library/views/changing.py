"""Describing files, and making images from images."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.library.actions import edit_image, remove_subtitles, set_alt, set_subtitles
from yanzhen.library.forms import AltForm, EditForm, SubtitlesForm
from yanzhen.library.models import MediaFile, Subtitles
from yanzhen.library.refused import MediaRefused
from yanzhen.library.views.answers import refused, said, wants_json
from yanzhen.library.views.listing import find, media_page
from yanzhen.library.words import refusal
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision


def _wrong(form: AltForm | EditForm) -> JsonResponse:
    """Answer 422 with the first thing that is wrong."""
    error = next(iter(form.errors.values()))[0]
    return JsonResponse({"code": "form", "error": str(error)}, status=422)


@asks(Decision.POST_WRITE)
@require_POST
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a new image; a form is led to its page, a script is told what it is."""
    media = find(request, pk)
    form = EditForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return _wrong(form)
        return media_page(request, media, edit_form=form, status=422)
    try:
        made = edit_image(
            media=media,
            by=request.member,
            crop=form.crop(),
            turn=form.cleaned_data["turn"],
            size=form.size(),
            now=now(),
        )
    except MediaRefused as reason:
        if wants_json(request):
            return refused(reason)
        form.add_error(None, refusal(reason))
        return media_page(request, media, edit_form=form, status=422)
    if wants_json(request):
        return JsonResponse(said(made))
    messages.success(request, _("The new image is here. The original stays as it is."))
    return redirect("media", pk=made.pk)


@asks(Decision.POST_WRITE)
@require_POST
def alt(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the alt text."""
    media = find(request, pk)
    form = AltForm(request.POST)
    if form.is_valid():
        try:
            set_alt(media=media, by=request.member, alt=form.cleaned_data["alt"], now=now())
        except (MediaRefused, TextRefused) as reason:
            why = refusal(reason) if isinstance(reason, MediaRefused) else str(reason)
            form.add_error("alt", why)
    if not form.is_valid():
        if wants_json(request):
            return _wrong(form)
        return media_page(request, media, alt_form=form, status=422)
    if wants_json(request):
        return JsonResponse(said(media))
    messages.success(request, _("Alt text saved."))
    return redirect("media", pk=media.pk)


@asks(Decision.POST_WRITE)
@require_POST
def subtitles(request: MemberRequest, pk: int) -> HttpResponse:
    """Save subtitles in one language, in place of earlier ones."""
    media = find(request, pk)
    form = SubtitlesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            set_subtitles(
                media=media,
                by=request.member,
                language=form.cleaned_data["language"],
                label=form.label,
                text=form.cleaned_data["text"],
                now=now(),
            )
        except MediaRefused as reason:
            form.add_error("file" if form.cleaned_data.get("file") else "text", refusal(reason))
    if not form.is_valid():
        return media_page(request, media, subtitles_form=form, status=422)
    messages.success(request, _("Subtitles saved."))
    return redirect("media", pk=media.pk)


@asks(Decision.POST_WRITE)
@require_POST
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove the subtitles in one language."""
    rows = Subtitles.objects.select_related("media")
    seen = MediaFile.objects.visible_to(request.member)
    found = get_object_or_404(rows, pk=pk, media__in=seen)
    remove_subtitles(subtitles=found, by=request.member, now=now())
    messages.success(request, _("Subtitles removed."))
    return redirect("media", pk=found.media_id)
