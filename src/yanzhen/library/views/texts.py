"""Templates and agreed lines: the list, one text, and what the composer offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.library.actions.texts import (
    TextMoved,
    add_text,
    agree_line,
    archive_text,
    change_text,
    withdraw_line,
)
from yanzhen.library.forms_texts import TextForm, TextsForm
from yanzhen.library.models import SavedText
from yanzhen.library.models.texts import TextKind
from yanzhen.library.ports import beginning_of
from yanzhen.library.queries import texts_for
from yanzhen.library.searching import contains
from yanzhen.library.srt import clean_language
from yanzhen.library.words import window_words
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision

TEXTS_A_PAGE = 40
MOST_OFFERED = 60


@dataclass(frozen=True)
class Row:
    """A text as the list shows it; ``window`` is "" while nothing is to be said of its time."""

    text: SavedText
    window: str


@members
@require_GET
def texts(request: MemberRequest) -> HttpResponse:
    """List templates and agreed lines by their titles."""
    form = TextsForm(request.GET, member=request.member)
    rows, status, moment = SavedText.objects.none(), 422, now()
    if form.is_valid():
        asked, status = form.cleaned_data, 200
        rows = texts_for(
            request.member,
            words=asked["q"],
            kind=asked["kind"],
            tag=asked["tag"].pk if asked["tag"] else None,
            when=asked["when"],
            now=moment,
        ).select_related("workspace", "owner__user", "approved_by__user", "pair")
    page = Paginator(rows, TEXTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [Row(text, window_words(text, moment)) for text in page],
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "may_write": request.member.may_somewhere(Decision.POST_WRITE),
    }
    piece = "#rows" if request.headers.get("HX-Target") == "texts" else ""
    answer = render(request, f"library/texts.html{piece}", context, status=status)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


@asks(Decision.POST_WRITE)
@require_GET
def offered(request: MemberRequest) -> HttpResponse:
    """Give the composer what may be inserted now; those in the post's language come first."""
    moment, language = now(), request.GET.get("language", "")
    rows = SavedText.objects.visible_to(request.member).offered(moment).with_names()
    found = list(rows.filter(contains(request.GET.get("q", "")[:200]))[:MOST_OFFERED])
    found.sort(key=lambda text: text.language.split("-")[0] != language.split("-")[0])
    return render(request, "library/_offered.html", {"texts": found})


def _find(request: MemberRequest, pk: int) -> SavedText:
    rows = SavedText.objects.visible_to(request.member).with_names()
    return get_object_or_404(
        rows.select_related("workspace", "owner__user", "approved_by__user", "pair"), pk=pk
    )


def _begun(request: MemberRequest) -> dict[str, Any]:
    """Return what a new text starts with; anything odd in the address is left out."""
    kind = request.GET.get("kind", "")
    start: dict[str, Any] = {"kind": kind if kind in TextKind.values else TextKind.LINE}
    start["language"] = clean_language(request.member.user.language)
    pk = parse_id(request.GET.get("from"))
    begun = beginning_of(request.member, pk) if pk else None
    if begun is not None:
        start |= {
            "title": begun.title,
            "body": begun.body,
            "language": clean_language(begun.language or "en"),
        }
    return start


@asks(Decision.POST_WRITE)
@require_http_methods(["GET", "POST"])
def text_new(request: MemberRequest) -> HttpResponse:
    """Write a new text; ?from= starts with the words of a post."""
    form = TextForm(request.POST or None, member=request.member, initial=_begun(request))
    if request.method == "POST" and form.is_valid():
        kind = TextKind(form.cleaned_data["kind"])
        made = add_text(kind, wording=form.wording(), by=request.member, now=now())
        messages.success(request, _("Saved."))
        return redirect("text", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "library/text_new.html", {"form": form}, status=status)


@members
@require_http_methods(["GET", "POST"])
def text(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one text, and save it."""
    found = _find(request, pk)
    if request.method == "GET":
        return _page(request, found, TextForm(member=request.member, text=found))
    form = TextForm(request.POST, member=request.member, text=found)
    status = 422
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            change_text(
                found, wording=form.wording(), revision=revision, by=request.member, now=now()
            )
        except TextMoved:
            status = 409
            form.add_error(None, _("Somebody changed it meanwhile. Look again, then save."))
        else:
            messages.success(request, _("Saved."))
            return redirect("text", pk=pk)
    return _page(request, found, form, status=status)


def _page(
    request: MemberRequest, found: SavedText, form: TextForm, *, status: int = 200
) -> HttpResponse:
    agrees = request.member.may(Decision.LINE_AGREE)
    context = {
        "text": found,
        "form": form,
        "window": window_words(found, now()),
        "may_write": request.member.may_somewhere(Decision.POST_WRITE)
        and (agrees or found.approved_by_id is None),
        "may_agree": agrees and found.kind == TextKind.LINE and found.archived_at is None,
    }
    return render(request, "library/text.html", context, status=status)


@asks(Decision.LINE_AGREE)
@require_POST
def agree(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree on a line as it was shown, or withdraw it."""
    found = _find(request, pk)
    if "withdraw" in request.POST:
        withdraw_line(found, by=request.member, now=now())
        messages.success(request, _("Withdrawn. The line is no longer offered."))
        return redirect("text", pk=pk)
    try:
        revision = parse_id(request.POST.get("revision"))
        agree_line(
            found, revision=-1 if revision is None else revision, by=request.member, now=now()
        )
    except TextMoved:
        messages.warning(request, _("The line changed meanwhile. Read it again, then agree."))
    else:
        messages.success(request, _("Agreed. The line is offered to everybody who writes."))
    return redirect("text", pk=pk)


@asks(Decision.POST_WRITE)
@require_POST
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a text away, or back on the list."""
    archived = "back" not in request.POST
    archive_text(_find(request, pk), archived=archived, by=request.member, now=now())
    said = _("Archived. It is no longer offered.") if archived else _("It is on the list again.")
    messages.success(request, said)
    return redirect("text", pk=pk)
