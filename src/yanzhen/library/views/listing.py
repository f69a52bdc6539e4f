"""The library's list, and the page of one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yanzhen.kernel.clock import now
from yanzhen.library.facts import MediaKind
from yanzhen.library.forms import AltForm, EditForm, SubtitlesForm
from yanzhen.library.forms_shelving import DetailsForm, ShelfForm
from yanzhen.library.models import Folder, MediaFile
from yanzhen.library.queries import (
    WITHOUT_ALT,
    Narrowing,
    Shelf,
    lookalikes,
    narrowed,
    shelves,
    tree_of,
    where_used,
)
from yanzhen.library.refused import MediaRefused
from yanzhen.library.words import (
    CHANGE_NAMES,
    duration_words,
    facts_words,
    refusal,
    size_words,
    window_words,
)
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision

FILES_A_PAGE = 48


@dataclass(frozen=True)
class NotTaken:
    """A file that was refused, and the sentence that says why."""

    name: str
    why: str

    @classmethod
    def because(cls, name: str, reason: MediaRefused) -> NotTaken:
        """Say it in the reader's language."""
        return cls(name[-80:], refusal(reason))


@dataclass(frozen=True)
class Tile:
    """A file as the list shows it. ``window`` is "" while nothing is to be said of its time."""

    media: MediaFile
    line: str
    window: str


@dataclass(frozen=True)
class Chip:
    """One way to narrow the list, as a word with a number; ``url`` keeps what else was asked."""

    name: str
    count: int
    current: bool
    url: str


@members
@require_GET
def library(request: MemberRequest) -> HttpResponse:
    """List the workspace's files, the newest first."""
    return library_page(request)


def library_page(
    request: MemberRequest, *, not_taken: list[NotTaken] | None = None, status: int = 200
) -> HttpResponse:
    """Render the list; ``not_taken`` are the files a form has just brought in vain."""
    member, moment = request.member, now()
    shelf = request.GET.get("shelf", "")
    tree = tree_of(member)
    folders = [branch.folder for branch in tree]
    form = ShelfForm(request.GET, member=member, tree=tree)
    if form.is_valid():
        asked = form.narrowing(shelf)
        rows = narrowed(member, asked, folders, now=moment)
        counted = shelves(member, asked, folders, now=moment)
    else:
        asked, rows, counted = Narrowing(shelf=shelf, words="?"), MediaFile.objects.none(), []
        status = 422
    page = Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tiles": [Tile(m, facts_words(m.facts), window_words(m.asset, moment)) for m in page],
        "chips": _chips(request, shelf, counted),
        "form": form,
        "look": "list" if request.GET.get("look") == "list" else "grid",
        "path": _path(folders, asked.folder),
        "inner": [f for f in folders if asked.folder and f.parent_id == asked.folder],
        "changes": CHANGE_NAMES,
        "narrowed": asked.any,
        "may_write": member.may_somewhere(Decision.POST_WRITE),
        "may_keep": member.may(Decision.LIBRARY_EDIT),
        "not_taken": not_taken or [],
    }
    piece = request.headers.get("HX-Target") == "files"
    name = f"library/library.html{'#files' if piece else ''}"
    answer = render(request, name, context, status=status)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


def _path(folders: list[Folder], pk: int | None) -> list[Folder]:
    """Return the folder and those around it, the outermost first."""
    by_pk = {folder.pk: folder for folder in folders}
    path: list[Folder] = []
    while pk in by_pk:
        path.insert(0, by_pk[pk])
        pk = by_pk[pk].parent_id
    return path


def _chips(request: MemberRequest, shelf: str, counted: list[Shelf]) -> list[Chip]:
    names = {
        "": _("All files"),
        MediaKind.IMAGE: _("Images"),
        MediaKind.GIF: _("GIFs"),
        MediaKind.VIDEO: _("Videos"),
        MediaKind.DOCUMENT: _("Documents"),
        WITHOUT_ALT: _("Without alt text"),
    }

    def url(slug: str) -> str:
        asked = request.GET.copy()
        asked.pop("page", None)
        asked["shelf"] = slug
        return f"?{asked.urlencode()}"

    return [
        Chip(names[one.slug], one.count, one.slug == shelf, url(one.slug))
        for one in counted
        if one.count or not one.slug or one.slug == shelf
    ]


@members
@require_GET
def media(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one file: what it is, what it says, and what can be made of it."""
    return media_page(request, find(request, pk))


def find(request: MemberRequest, pk: int) -> MediaFile:
    """Return a file of the reader's workspace, or raise Http404."""
    rows = MediaFile.objects.visible_to(request.member).select_related(
        "uploaded_by__user", "asset__owner__user", "asset__workspace"
    )
    return get_object_or_404(rows, pk=pk)


def media_page(
    request: MemberRequest, media: MediaFile, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Render the page; ``forms`` are those that came back with something wrong in them."""
    editable = media.kind == MediaKind.IMAGE
    seen = MediaFile.objects.visible_to(request.member)
    may_keep = request.member.may(Decision.LIBRARY_EDIT)
    whole = {"left": 0, "top": 0, "width": media.width, "height": media.height, "turn": 0}
    context = {
        "media": media,
        "length": duration_words(media.duration_ms) if media.duration_ms else "",
        "size": size_words(media.byte_count),
        "subtitles": media.subtitles.select_related("saved_by__user").order_by("language"),
        "original": seen.filter(pk=media.derived_from_id).first()
        if media.derived_from_id
        else None,
        "derived": seen.filter(derived_from=media).order_by("pk") if editable else [],
        "may_write": request.member.may_somewhere(Decision.POST_WRITE),
        "editable": editable,
        "alt_form": AltForm(initial={"alt": media.alt}),
        "edit_form": EditForm(initial=whole),
        "subtitles_form": SubtitlesForm(),
        "asset": media.asset,
        "may_keep": may_keep,
        "window": window_words(media.asset, now()),
        "versions": seen.filter(asset=media.asset_id)
        .select_related("uploaded_by__user")
        .order_by("-number"),
        "alike": lookalikes(media, viewer=request.member),
        "hung": where_used(media.asset, viewer=request.member),
        "tags": media.asset.tags.order_by("key"),
        **forms,
    }
    if may_keep and "details_form" not in context:
        tree = tree_of(request.member)
        context["details_form"] = DetailsForm(member=request.member, asset=media.asset, tree=tree)
    return render(request, "library/media.html", context, status=status)
