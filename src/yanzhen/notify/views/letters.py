"""What did not arrive: the list, with the reason, and trying again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.notify.actions.retrying import retry_letters
from yanzhen.notify.models import Letter
from yanzhen.notify.queries import letter_rows
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

PAGE = 50


@asks(Decision.PUBLISH_RESOLVE)
@require_GET
def letters(request: MemberRequest) -> HttpResponse:
    """List the dead letters the reader may see, newest first."""
    dead = Letter.objects.visible_to(request.member).dead().order_by("-settled_at", "-pk")
    dead = dead.select_related("outlet", "member__user")
    page = Paginator(dead, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": letter_rows(page.object_list),
        "may_retry": request.member.may(Decision.PUBLISH_RESOLVE),
    }
    return render(request, "notify/letters.html", context)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def letter_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Try one dead letter again."""
    found = get_object_or_404(Letter.objects.visible_to(request.member), pk=pk)
    return _again(
        request, retry_letters(Letter.objects.filter(pk=found.pk), by=request.member, now=now())
    )


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def letters_again(request: MemberRequest) -> HttpResponse:
    """Try all dead letters again that the reader may see."""
    return _again(request, retry_letters(Letter.objects.all(), by=request.member, now=now()))


def _again(request: MemberRequest, count: int) -> HttpResponse:
    messages.info(
        request,
        ngettext("%(count)d message is tried again.", "%(count)d messages are tried again.", count)
        % {"count": count},
    )
    return redirect("letters")
