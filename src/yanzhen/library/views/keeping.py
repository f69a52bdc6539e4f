"""Keeping the library in order: details, versions, folders, and one change to many files."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.activity.feed import events
from yanzhen.kernel.answers import answers_of
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.library.actions.assets import (
    CHANGES,
    MOST_AT_ONCE,
    AssetMoved,
    WindowRefused,
    change_assets,
    changing,
    describe_asset,
    restore_assets,
)
from yanzhen.library.actions.shelving import (
    FolderRefused,
    add_folder,
    change_folder,
    remove_folder,
)
from yanzhen.library.actions.versions import add_version
from yanzhen.library.events import ASSETS_CHANGED
from yanzhen.library.forms_shelving import ChangeForm, DetailsForm, FolderForm
from yanzhen.library.models import Asset, Folder
from yanzhen.library.queries import tree_of, within
from yanzhen.library.refused import MediaRefused
from yanzhen.library.views.listing import find, media_page
from yanzhen.library.words import CHANGE_NAMES, FOLDER_REFUSALS, refusal
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision


@asks(Decision.LIBRARY_EDIT)
@require_POST
def details(request: MemberRequest, pk: int) -> HttpResponse:
    """Save what is said of an asset."""
    media = find(request, pk)
    tree = tree_of(request.member)
    form = DetailsForm(request.POST, member=request.member, asset=media.asset, tree=tree)
    status = 422
    if form.is_valid():
        try:
            describe_asset(
                media.asset,
                details=form.details(),
                revision=form.cleaned_data["revision"],
                by=request.member,
                now=now(),
            )
        except AssetMoved:
            status = 409
            form.add_error(None, _("Somebody changed it meanwhile. Look again, then save."))
            media.asset.refresh_from_db()
    if not form.is_valid():
        return media_page(request, media, details_form=form, status=status)
    messages.success(request, _("Details saved."))
    return redirect("media", pk=pk)


@asks(Decision.LIBRARY_EDIT)
@require_POST
def version(request: MemberRequest, pk: int) -> HttpResponse:
    """Take in a newer file for an asset."""
    media = find(request, pk)
    file = request.FILES.get("file")
    why = "" if file else _("Choose a file first.")
    if file:
        try:
            made = add_version(
                media.asset,
                member=request.member,
                file=cast(BinaryIO, file.file),
                name=file.name or "",
                now=now(),
            )
        except MediaRefused as reason:
            why = refusal(reason)
    if why:
        return media_page(request, media, version_trouble=why, status=422)
    messages.success(request, _("The new version is here. Posts keep the file they were given."))
    return redirect("media", pk=made.pk)


def _chosen(request: HttpRequest, member: Any) -> list[Asset]:
    """Return the assets named in the request, as far as they are the workspace's own."""
    sent = request.POST if request.method == "POST" else request.GET
    wanted = [pk for each in sent.getlist("asset")[:MOST_AT_ONCE] if (pk := parse_id(each))]
    rows = Asset.objects.visible_to(member).filter(pk__in=wanted)
    return list(
        rows.select_related("folder", "workspace").prefetch_related("tags").order_by("name", "pk")
    )


@asks(Decision.LIBRARY_EDIT)
@require_http_methods(["GET", "POST"])
def change(request: MemberRequest) -> HttpResponse:
    """Ask for one change to many files, say what would be different, and make it."""
    sent = request.POST if request.method == "POST" else request.GET
    what, assets = sent.get("what", ""), _chosen(request, request.member)
    if what not in CHANGES or not assets:
        messages.warning(request, _("Choose files first, then what to do with them."))
        return redirect("library")
    asked = request.method == "POST" or what in ("archive", "bring_back")
    tree = tree_of(request.member)
    form = ChangeForm(what, sent if asked else None, member=request.member, tree=tree)
    different = changing(assets, form.change()) if form.is_valid() else None
    answers = answers_of(form)
    sure = request.method == "POST" and "sure" in sent
    if different and sure and sent.get("answers", "") == answers:
        try:
            event = change_assets(different, change=form.change(), by=request.member, now=now())
        except WindowRefused:
            form.add_error(
                "last_day", _("One of them would end before it begins. Choose a later day.")
            )
        else:
            count = len(different)
            done = ngettext("%(count)d file changed.", "%(count)d files changed.", count)
            undo = reverse("library-undo", args=[event.pk])
            messages.success(request, done % {"count": count}, extra_tags=f"undo:{undo}")
            return redirect("library")
    context = {
        "what": what,
        "title": CHANGE_NAMES[what],
        "assets": assets,
        "form": form,
        "answers": answers,
        "answered_anew": sure and sent.get("answers", "") != answers,
        "different": different,
        "same": len(assets) - len(different or ()),
    }
    status = 422 if asked and not form.is_valid() else 200
    return render(request, "library/change.html", context, status=status)


@asks(Decision.LIBRARY_EDIT)
@require_POST
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back a change to many files."""
    rows = events().objects.filter(kind=ASSETS_CHANGED.slug)
    event = get_object_or_404(rows, pk=pk, workspace_id=request.member.workspace_id)
    count = restore_assets(event, by=request.member, now=now())
    if count:
        said = ngettext("%(count)d file is as it was.", "%(count)d files are as they were.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.warning(request, _("They have been changed again since then. Nothing was undone."))
    return redirect("library")


@asks(Decision.LIBRARY_EDIT)
@require_http_methods(["GET", "POST"])
def folders(request: MemberRequest) -> HttpResponse:
    """Show all folders, and make one."""
    tree = tree_of(request.member, counted=True)
    form = FolderForm(request.POST or None, tree=tree)
    if request.method == "POST" and form.is_valid():
        try:
            add_folder(
                name=form.cleaned_data["name"],
                parent=form.chosen_parent(),
                by=request.member,
                now=now(),
            )
        except FolderRefused as reason:
            form.add_error("name", str(FOLDER_REFUSALS[reason.reason]))
        else:
            messages.success(request, _("The folder is there."))
            return redirect("library-folders")
    status = 422 if request.method == "POST" else 200
    return render(request, "library/folders.html", {"tree": tree, "form": form}, status=status)


@asks(Decision.LIBRARY_EDIT)
@require_http_methods(["GET", "POST"])
def folder(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename, move or remove one folder."""
    tree = tree_of(request.member, counted=True)
    row = next((branch.folder for branch in tree if branch.folder.pk == pk), None)
    if row is None:
        raise Http404
    barred = within([branch.folder for branch in tree], pk)
    sent = request.POST if request.method == "POST" else None
    form = FolderForm(sent, tree=tree, folder=row, barred=barred)
    if request.method == "POST":
        why = _remove(request, row) if "remove" in request.POST else _change(request, row, form)
        if not why:
            return redirect("library-folders")
        form.is_valid()
        form.add_error(None if "remove" in request.POST else "name", why)
    status = 422 if request.method == "POST" else 200
    context = {"folder": row, "form": form}
    return render(request, "library/folder.html", context, status=status)


def _change(request: MemberRequest, row: Folder, form: FolderForm) -> str:
    if not form.is_valid():
        return str(_("Look at the fields again."))
    try:
        change_folder(
            row,
            name=form.cleaned_data["name"],
            parent=form.chosen_parent(),
            by=request.member,
            now=now(),
        )
    except FolderRefused as reason:
        return str(FOLDER_REFUSALS[reason.reason])
    messages.success(request, _("The folder is saved."))
    return ""


def _remove(request: MemberRequest, row: Folder) -> str:
    try:
        remove_folder(row, by=request.member, now=now())
    except FolderRefused as reason:
        return str(FOLDER_REFUSALS[reason.reason])
    messages.success(request, _("The folder is gone. What was in it moved one up."))
    return ""
