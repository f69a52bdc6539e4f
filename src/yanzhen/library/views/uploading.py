"""Taking files in: one address, for plain forms and for scripts."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.library.actions import store_upload
from yanzhen.library.actions.keeping import Kept
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.views.answers import refused, said, wants_json
from yanzhen.library.views.listing import NotTaken, library_page
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

#: So many files at once; a form with more is refused whole.
MOST_FILES = 50


@asks(Decision.POST_WRITE)
@require_POST
def upload(request: MemberRequest) -> HttpResponse:
    """Keep the files of one form. A script sends one at a time and is answered in JSON."""
    files = request.FILES.getlist("file")
    keep_location = bool(request.POST.get("keep_location"))
    if wants_json(request):
        return answer_script(request, files, keep_location=keep_location, documents=True)
    kept: list[MediaFile] = []
    not_taken: list[NotTaken] = []
    for file in files[:MOST_FILES]:
        try:
            stored, _known = _store(request, file, keep_location=keep_location, documents=True)
            kept.append(stored)
        except MediaRefused as reason:
            not_taken.append(NotTaken.because(file.name or "", reason))
    if len(files) > MOST_FILES:
        most = _("Only the first %(most)d files were looked at.") % {"most": MOST_FILES}
        not_taken.append(NotTaken("", most))
    if not files:
        not_taken.append(NotTaken("", _("Choose a file first.")))
    if kept:
        _tell(request, kept)
    if not_taken:
        return library_page(request, not_taken=not_taken, status=422)
    return redirect("library")


def _store(
    request: MemberRequest,
    file: UploadedFile[bytes],
    *,
    keep_location: bool,
    kept: Kept | None = None,
    documents: bool = False,
) -> tuple[MediaFile, bool]:
    """Return the row and whether it was there before. Raises MediaRefused.

    The very bytes may be there under a veil: whoever brings them again reads nothing about them.
    """
    moment = now()
    media = store_upload(
        member=request.member,
        file=cast(BinaryIO, file.file),
        name=file.name or "",
        keep_location=keep_location,
        kept=kept,
        documents=documents,
        now=moment,
    )
    known = media.uploaded_at != moment
    if known and not MediaFile.objects.visible_to(request.member).filter(pk=media.pk).exists():
        raise MediaRefused(Refusal.VEILED)
    return media, known


def answer_script(
    request: MemberRequest,
    files: list[UploadedFile[bytes]],
    *,
    keep_location: bool,
    kept: Kept | None = None,
    documents: bool = False,
) -> HttpResponse:
    """Keep the one file a script sent and tell it what it is; the rest as for store_upload."""
    if len(files) != 1:
        wrong = {"code": "one_file", "error": _("Send one file at a time.")}
        return JsonResponse(wrong, status=422)
    try:
        media, known = _store(
            request, files[0], keep_location=keep_location, kept=kept, documents=documents
        )
    except MediaRefused as reason:
        return refused(reason)
    return JsonResponse(said(media, known=known))


def _tell(request: MemberRequest, kept: list[MediaFile]) -> None:
    count = len(kept)
    added = ngettext("%(count)d file is here.", "%(count)d files are here.", count)
    cleaned = any(media.location_removed for media in kept)
    place = _("Where they were taken has been removed.") if cleaned else ""
    messages.success(request, f"{added % {'count': count}} {place}".strip())
