"""Hanging files on a post: from the library, or new ones; and editing an image for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.machine import MoveRefused
from yanzhen.library.actions import edit_image, store_upload
from yanzhen.library.forms import EditForm
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.searching import contains
from yanzhen.library.views.uploading import answer_script
from yanzhen.library.words import facts_words, refusal, why_not
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.carrying import carry_files
from yanzhen.planning.actions.writing import DraftConflict, is_writable, save_draft
from yanzhen.planning.content import BadContent, Json
from yanzhen.planning.media_rules import MEGABYTE, MOST_GIF_BYTES, MOST_IMAGE_BYTES
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.rearranging import hang_on, pair_up, swap
from yanzhen.planning.views.composer import draft_of, post_for

TILES_A_PAGE = 24
MOST_FILES = 4


@asks(Decision.POST_WRITE)
@require_http_methods(["GET", "POST"])
def attach(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Offer the library and a way to add new files for one segment; hang on what is chosen.

    ?part=tiles leaves out the page around the library's files, for the composer's own dialog.
    """
    post = post_for(request.member, pk)
    draft = draft_of(post)
    if not 1 <= number <= len(draft.texts):
        raise Http404
    if request.method == "GET":
        return _page(request, post, number)
    if not is_writable(post):
        return _page(request, post, number, status=409, why=_not_now(post))
    chosen, not_taken = _chosen(request, post, post.due_at or now())
    if chosen:
        try:
            _hang(draft, number, chosen, request)
        except (DraftConflict, MoveRefused, BadContent):
            why = _("The post changed meanwhile. Look again, then choose.")
            return _page(request, post, number, status=409, why=why)
    if not_taken or not chosen:
        why = " ".join(not_taken) or _("Choose a file first.")
        return _page(request, post, number, status=422, why=why)
    return redirect(reverse("post", args=[pk]) + f"#d{number}")


@asks(Decision.POST_WRITE)
@require_POST
def upload(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep a file a script brings for the post, and answer in JSON; see carry_files.

    The file is the post's from its first moment: under an embargo nobody else ever sees it.
    """
    post = post_for(request.member, pk)
    require(
        request.member,
        Decision.POST_WRITE,
        workspace_id=post.workspace_id,
        account_id=post.account_id,
    )
    files = request.FILES.getlist("file")
    return answer_script(request, files, keep_location=False, kept=_carried_by(post))


def _carried_by(post: Post) -> Callable[[MediaFile], None]:
    def kept(media: MediaFile) -> None:
        try:
            carry_files(post, [media.pk])
        except BadContent:
            raise MediaRefused(Refusal.VEILED) from None

    return kept


def _not_now(post: Post) -> str:
    return _("The post has moved on (%(stage)s). Open it for changes first.") % {
        "stage": post.get_state_display()
    }


def _chosen(
    request: MemberRequest, post: Post, moment: datetime
) -> tuple[list[MediaFile], list[str]]:
    """Return the file that was picked, or those that came along, and why others were refused."""
    picked = parse_id(request.POST.get("media"))
    if picked is not None:
        rows = MediaFile.objects.visible_to(request.member).postable()
        rows = rows.select_related("asset__workspace")
        media = get_object_or_404(rows, pk=picked)
        why = why_not(media.asset, moment)
        return ([], [why]) if why else ([media], [])
    kept: list[MediaFile] = []
    not_taken: list[str] = []
    for file in request.FILES.getlist("file")[:MOST_FILES]:
        try:
            media = store_upload(
                member=request.member,
                file=cast(BinaryIO, file.file),
                name=file.name or "",
                keep_location=False,
                kept=_carried_by(post),
                now=now(),
            )
        except MediaRefused as reason:
            not_taken.append(f"{file.name}: {refusal(reason)}")
        else:
            kept.append(media)
    return kept, not_taken


def _hang(draft: Draft, number: int, chosen: list[MediaFile], request: MemberRequest) -> None:
    """Add the files to the draft as it stands."""
    extras = [extra for _text, extra in pair_up(draft.texts, draft.extras)]
    for media in chosen:
        extras[number - 1] = hang_on(extras[number - 1], media.pk, media.alt)
    _save(draft, extras, request)


def _save(draft: Draft, extras: list[Json], request: MemberRequest) -> None:
    save_draft(
        draft.post,
        by=request.member,
        texts=draft.texts,
        extras=extras,
        revision=draft.revision,
        now=now(),
    )


def _page(
    request: MemberRequest, post: Post, number: int, *, status: int = 200, why: str = ""
) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    rows = MediaFile.objects.visible_to(request.member).shelved().postable().newest_first()
    rows = rows.filter(contains(words, "asset__words")).select_related("asset__workspace")
    moment = post.due_at or now()
    page = Paginator(rows, TILES_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "post": post,
        "number": number,
        "page": page,
        "tiles": [
            {
                "media": media,
                "line": facts_words(media.facts),
                "unfit": why_not(media.asset, moment),
            }
            for media in page
        ],
        "words": words,
        "why": why,
        "most_image": MOST_IMAGE_BYTES // MEGABYTE,
        "most_gif": MOST_GIF_BYTES // MEGABYTE,
    }
    piece = "#tiles" if request.GET.get("part") == "tiles" else ""
    return render(request, f"planning/attach.html{piece}", context, status=status)


@asks(Decision.POST_WRITE)
@require_http_methods(["GET", "POST"])
def media_edit(request: MemberRequest, pk: int, media_pk: int) -> HttpResponse:
    """Crop, turn or resize an image of a post; the new one takes its place in the draft."""
    post = post_for(request.member, pk)
    draft = draft_of(post)
    media = get_object_or_404(MediaFile.objects.visible_to(request.member), pk=media_pk)
    if not any(
        use["media"] == media.pk for extra in draft.extras for use in extra.get("media", [])
    ):
        raise Http404
    if request.method == "GET":
        return _editor(request, post, media, EditForm(initial=_whole(media)))
    form = EditForm(request.POST)
    if not is_writable(post):
        form.is_valid()
        form.add_error(None, _not_now(post))
        return _editor(request, post, media, form, status=409)
    if not form.is_valid():
        return _editor(request, post, media, form, status=422)
    try:
        made = edit_image(
            media=media,
            by=request.member,
            crop=form.crop(),
            turn=form.cleaned_data["turn"],
            size=form.size(),
            now=now(),
        )
        _save(draft, [swap(extra, media.pk, made.pk, made.alt) for extra in draft.extras], request)
    except MediaRefused as reason:
        form.add_error(None, refusal(reason))
        return _editor(request, post, media, form, status=422)
    except (DraftConflict, MoveRefused):
        form.add_error(None, _("The post changed meanwhile. Look again, then make the image."))
        return _editor(request, post, media, form, status=409)
    messages.success(request, _("The new image is in the post. The original stays in the library."))
    return redirect("post", pk)


def _whole(media: MediaFile) -> dict[str, int]:
    return {"left": 0, "top": 0, "width": media.width, "height": media.height, "turn": 0}


def _editor(
    request: MemberRequest, post: Post, media: MediaFile, form: EditForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "post": post,
        "media": media,
        "edit_form": form,
        "edit_url": reverse("post-media-edit", args=[post.pk, media.pk]),
    }
    return render(request, "planning/media_edit.html", context, status=status)
