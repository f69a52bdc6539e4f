"""Deleting a published post on X: what is meant is named first, then a reason, then it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.channels.platforms import platform
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.publishing.actions.removing import REMOVABLE, remove_from_x
from yanzhen.publishing.forms import RemoveForm
from yanzhen.publishing.models import Delivery


@asks(Decision.PUBLISH_DELETE)
@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Name the account and the words that would go, and on yes have them deleted."""
    rows = Delivery.objects.visible_to(request.member).select_related("account", "post")
    delivery = get_object_or_404(rows, pk=pk)
    thread = Delivery.objects.live().filter(post_id=delivery.post_id)
    thread = thread.filter(occurrence=delivery.occurrence).order_by("position")
    form = RemoveForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _asked(request, delivery, form)
        status = 422
    context: dict[str, Any] = {
        "delivery": delivery,
        "thread": list(thread),
        "out": [each for each in thread if each.state in REMOVABLE],
        "removable": delivery.state in REMOVABLE,
        "form": form,
        "url": platform(delivery.account.platform).post_url(
            delivery.account.handle, delivery.remote_id
        )
        if delivery.remote_id
        else "",
    }
    return render(request, "publishing/remove.html", context, status=status)


def _asked(request: MemberRequest, delivery: Delivery, form: RemoveForm) -> HttpResponse:
    remove_from_x(
        delivery,
        reason=form.cleaned_data["reason"],
        whole=form.cleaned_data["whole"] == "thread",
        by=request.member,
        now=now(),
    )
    messages.info(request, _("It is being deleted on X. The post’s page shows when it is gone."))
    return redirect("post", pk=delivery.post_id)
