"""One idea: what it says, who is for it, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.channels.models import Account
from yanzhen.ideas.actions.ideas import (
    IdeaMoved,
    NoAccount,
    add_idea,
    edit_idea,
    may_change,
    move_idea,
    set_vote,
    write_drafts,
)
from yanzhen.ideas.forms import IdeaForm
from yanzhen.ideas.models import Idea
from yanzhen.ideas.queries_files import as_shown, files_of
from yanzhen.ideas.states import IdeaState
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision


def _find(request: MemberRequest, pk: int) -> Idea:
    rows = Idea.objects.visible_to(request.member).for_cards(request.member)
    return get_object_or_404(rows, pk=pk)


@members
@require_http_methods(["GET", "POST"])
def idea_new(request: MemberRequest) -> HttpResponse:
    """Add an idea."""
    form = IdeaForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        made = add_idea(wish=form.wish(), by=request.member, now=now())
        messages.success(request, _("The idea is on the board."))
        return redirect("idea", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "ideas/idea_new.html", {"form": form}, status=status)


def _page(request: MemberRequest, row: Idea, *, status: int = 200, **more: Any) -> HttpResponse:
    may = may_change(row, request.member)
    context = {
        "idea": row,
        "may_change": may,
        "may_write": request.member.may_somewhere(Decision.POST_WRITE),
        "form": IdeaForm(member=request.member, idea=row) if may else None,
        "accounts": list(Account.objects.visible_to(request.member).in_order()),
        "files": as_shown(files_of(row, viewer=request.member), now=now()),
        "chosen": [account.pk for account in row.accounts.all()],
        **more,
    }
    return render(request, "ideas/idea.html", context, status=status)


@members
@require_GET
def idea(request: MemberRequest, pk: int) -> HttpResponse:
    """Show an idea with its brief and the posts written from it."""
    return _page(request, _find(request, pk))


def _over(row: Idea, request: MemberRequest) -> IdeaForm:
    """Return what was sent once more, to be saved over what somebody else saved meanwhile."""
    sent = request.POST.copy()
    sent["revision"] = str(row.revision)
    form = IdeaForm(sent, member=request.member, idea=row)
    form.full_clean()
    text = _(
        "Somebody changed it meanwhile: what stands above is theirs. Save again to keep yours."
    )
    form.add_error(None, text)
    return form


@members
@require_POST
def idea_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Save what is said of an idea."""
    row = _find(request, pk)
    form = IdeaForm(request.POST, member=request.member, idea=row)
    status = 422
    if form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            edit_idea(row, wish=form.wish(), revision=revision, by=request.member, now=now())
        except IdeaMoved:
            row, status = _find(request, pk), 409
            form = _over(row, request)
        else:
            return say(request, redirect("idea", pk=pk), _("Saved."))
    return _page(request, row, status=status, form=form, open=True)


@members
@require_POST
def idea_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a brief of it, put it back, drop it, or bring it back."""
    row = _find(request, pk)
    move = request.POST.get("move") or request.GET.get("move", "")
    if move not in ("brief", "back", "drop", "restore"):
        messages.error(request, _("Choose what is to become of the idea."))
        return redirect("idea", pk=pk)
    move_idea(row, move=move, by=request.member, now=now())
    words = {"title": row.title, "state": IdeaState(row.state).label}
    undo = {"brief": "back", "back": "brief", "drop": "restore"}.get(move, "")
    path = f"{reverse('idea-move', args=[pk])}?move={undo}" if undo else ""
    text = _("“%(title)s” is now: %(state)s.") % words
    return say(request, redirect("idea", pk=pk), text, undo=path)


@members
@require_POST
def idea_vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Be for it, or no longer."""
    row = _find(request, pk)
    set_vote(row, wanted=request.POST.get("wanted") == "yes", by=request.member, now=now())
    if request.POST.get("back") == "board":
        return redirect(f"{reverse('ideas')}#idea-{pk}")
    return redirect("idea", pk=pk)


@asks(Decision.POST_WRITE)
@require_POST
def idea_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Start a draft for each chosen account."""
    row = _find(request, pk)
    wanted = [number for each in request.POST.getlist("account") if (number := parse_id(each))]
    accounts = list(Account.objects.visible_to(request.member).in_order().filter(pk__in=wanted))
    try:
        posts = write_drafts(row, accounts=accounts, by=request.member, now=now())
    except NoAccount:
        return _page(request, row, status=422, trouble=_("Choose at least one account."))
    text = ngettext("%(count)d draft is started.", "%(count)d drafts are started.", len(posts))
    messages.success(request, text % {"count": len(posts)})
    return redirect("post", posts[0].pk) if len(posts) == 1 else redirect("idea", pk=pk)
