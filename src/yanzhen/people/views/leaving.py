"""The day a member leaves: what they have in hand, who takes it, and the end of their way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.letting_go import NobodyToTakeIt, let_go
from yanzhen.people.forms import LeavingForm
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.holdings import Held, held_by, takers_of
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.people.views.team import refused_words


@asks(Decision.MEMBER_INVITE)
@require_http_methods(["GET", "POST"])
def leaving(request: MemberRequest, member_id: int) -> HttpResponse:
    """Show what a member has in hand; posted: let them go and hand it over, in one step."""
    shown = _find(request, member_id)
    if request.method != "POST":
        return _page(request, shown)
    form = _form(request, shown, held_by(shown, to=request.member, now=now()), request.POST)
    if not form.is_valid():
        return _page(request, shown, form=form, status=422)
    leaves = shown.active
    try:
        gone = let_go(shown, **form.cleaned_data, by=request.member, now=now())
    except (ChangedMeanwhile, LastHolder) as refusal:
        note = refused_words(refusal)
        return _page(request, _find(request, member_id), note=note, status=409)
    except NobodyToTakeIt:
        note = _("Whoever was to take it has left meanwhile. Choose somebody else.")
        return _page(request, _find(request, member_id), note=note, status=409)
    if leaves or form.cleaned_data["to"] is not None:
        messages.success(request, _said(shown, form.cleaned_data["to"], gone.count))
    if gone.ended:
        text = ngettext(
            "%(count)d thing was withdrawn.", "%(count)d things were withdrawn.", gone.ended
        )
        messages.success(request, text % {"count": gone.ended})
    if not gone.stays:
        return redirect("member", member_id=shown.pk)
    messages.warning(request, _stays(shown, form.cleaned_data["to"], gone.stays))
    return redirect("member-leaving", member_id=shown.pk)


def _form(
    request: MemberRequest, shown: Member, held: Sequence[Held], *data: Any, **given: Any
) -> LeavingForm:
    takers = takers_of(shown, held, by=request.member, now=now())
    return LeavingForm(*data, leaving=shown, held=held, takers=takers, by=request.member, **given)


def _find(request: MemberRequest, member_id: int) -> Member:
    team = Member.objects.visible_to(request.member).with_roles()
    return get_object_or_404(team, pk=member_id)


def _page(
    request: MemberRequest,
    shown: Member,
    *,
    form: LeavingForm | None = None,
    status: int = 200,
    note: str = "",
) -> HttpResponse:
    held = held_by(shown, to=request.member, now=now())
    context = {
        "shown": shown,
        "held": held,
        "movable": any(each.holding.hand_over for each in held),
        "form": form or _form(request, shown, held, initial={"seen": shown.revision}),
        "note": note,
    }
    return render(request, "people/leaving.html", context, status=status)


def _said(shown: Member, to: Member | None, count: int) -> str:
    if to is None:
        return _("%(name)s is no longer a member.") % {"name": shown.name}
    words = ngettext(
        "%(name)s is no longer a member. %(count)d thing went to %(to)s.",
        "%(name)s is no longer a member. %(count)d things went to %(to)s.",
        count,
    )
    return words % {"name": shown.name, "count": count, "to": to.name}


def _stays(shown: Member, to: Member, stays: Sequence[Held]) -> str:
    """Name what did not go over, so that nobody believes it did."""
    what = pgettext("between things", "; ").join(_named(each) for each in stays)
    return _(
        "%(to)s may not have this, so it stays under %(name)s’s name: %(what)s. "
        "Hand it over to somebody else here."
    ) % {"to": to.name, "name": shown.name, "what": what}


def _named(held: Held) -> str:
    """Name a kind of thing with the first few, or with how many there are."""
    names = pgettext("between names", ", ").join(held.first) or str(held.count)
    if held.first and held.count > len(held.first):
        names += pgettext("after names", " …")
    return _("%(kind)s (%(names)s)") % {"kind": held.holding.title, "names": names}
