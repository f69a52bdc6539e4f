"""The files of a brief."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.ideas.actions.files import MOST_FILES, TooManyFiles, add_files, remove_file
from yanzhen.ideas.actions.ideas import require_change
from yanzhen.ideas.models import Idea
from yanzhen.ideas.queries_files import as_shown, choosable
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.toasts import say
from yanzhen.library.models import Asset
from yanzhen.people.gate import MemberRequest, members

FILES_A_PAGE = 24


def _idea(request: MemberRequest, pk: int) -> Idea:
    return get_object_or_404(Idea.objects.visible_to(request.member), pk=pk)


def _assets(request: MemberRequest) -> list[Asset]:
    """Return what was chosen, in the order it was sent; an undo sends it in the address."""
    sent = request.POST.getlist("asset") or request.GET.getlist("asset")
    wanted = [pk for each in sent[: MOST_FILES + 1] if (pk := parse_id(each)) is not None]
    found = Asset.objects.visible_to(request.member).in_bulk(wanted)
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


@members
@require_http_methods(["GET", "POST"])
def idea_files(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose files of the library for a brief."""
    idea = _idea(request, pk)
    require_change(idea, request.member)
    if request.method == "GET":
        return _page(request, idea)
    assets = _assets(request)
    if not assets:
        return _page(request, idea, why=_("Choose a file first."))
    try:
        new = add_files(idea, assets=assets, by=request.member, now=now())
    except TooManyFiles:
        most = _("A brief has %(most)d files at most. Take some off first.")
        return _page(request, idea, why=most % {"most": MOST_FILES})
    text = ngettext("%(count)d file added.", "%(count)d files added.", len(new))
    messages.success(request, text % {"count": len(new)})
    return redirect("idea", pk=pk)


def _page(request: MemberRequest, idea: Idea, *, why: str = "") -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    rows = choosable(idea, viewer=request.member, words=words)
    page = Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "idea": idea,
        "page": page,
        "files": as_shown(list(page), now=now()),
        "words": words,
        "why": why,
    }
    return render(request, "ideas/files.html", context, status=422 if why else 200)


@members
@require_POST
def idea_file_off(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one file off a brief."""
    idea = _idea(request, pk)
    asset = get_object_or_404(
        Asset.objects.visible_to(request.member), pk=parse_id(request.POST.get("asset"))
    )
    remove_file(idea, asset=asset, by=request.member, now=now())
    undo = f"{reverse('idea-files', args=[pk])}?asset={asset.pk}"
    text = _("“%(name)s” is off the brief.") % {"name": asset.name}
    return say(request, redirect("idea", pk=pk), text, undo=undo)
