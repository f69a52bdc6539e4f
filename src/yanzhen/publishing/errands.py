"""What publishing has the worker ask X for a person who decides about a stopped post."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.channels.diagnosis import explain
from yanzhen.channels.errands import Answer, ErrandKind, register_errand
from yanzhen.channels.models import Errand
from yanzhen.channels.running import asked_by
from yanzhen.kernel import clock
from yanzhen.publishing.actions.looking import (
    NoAnswer,
    NotFound,
    TooSoon,
    confirm_published,
    confirm_resend,
    look_now,
)
from yanzhen.publishing.actions.resolving import CONFIRM, LOOK, RESEND
from yanzhen.publishing.models import Delivery, Resend
from yanzhen.publishing.states import DeliveryState

THERE = "there"


def _delivery(errand: Errand) -> Delivery:
    return Delivery.objects.select_related("account", "post").get(
        pk=errand.params["delivery"], workspace_id=errand.workspace_id
    )


def _confirm(errand: Errand) -> Answer:
    try:
        confirm_published(
            _delivery(errand),
            link=errand.params["link"],
            by=asked_by(errand),
            now=clock.database_now(),
        )
    except NotFound:
        return Answer.failed("not_found")
    except NoAnswer as silent:
        return Answer.failed("no_answer", why=str(silent))
    return Answer.done(THERE)


def _look(errand: Errand) -> Answer:
    try:
        kept = look_now(_delivery(errand), by=asked_by(errand), now=clock.database_now())
    except NoAnswer as silent:
        return Answer.failed("no_answer", why=str(silent))
    return Answer.done(THERE if kept.found else "not_there")


def _resend(errand: Errand) -> Answer:
    resend = Resend.objects.select_related("delivery__account", "delivery__post").get(
        pk=errand.params["resend"], delivery__workspace_id=errand.workspace_id
    )
    try:
        done = confirm_resend(resend, by=asked_by(errand), now=clock.database_now())
    except NoAnswer as silent:
        return Answer.failed("no_answer", why=str(silent))
    except TooSoon as soon:
        return Answer.failed("too_soon", time=f"{soon.until:%H:%M}")
    return Answer.done(THERE if done.state == DeliveryState.PUBLISHED else "sent")


def _explain(errand: Errand) -> tuple[str, list[str]]:
    if errand.code == "not_found":
        title = _("X does not show it")
        step = _("X does not show this text there, or it belongs to another post.")
    elif errand.code == "no_answer":
        title = _("X could not be asked")
        step = _("X could not be asked, so nothing was changed. Try again shortly. (%(why)s)")
    elif errand.code == "too_soon":
        title = _("Too soon to send it again")
        step = _("X may still show the last try. Send it again after %(time)s UTC.")
    else:
        return explain(errand.code, errand.words)
    return title, [step % errand.words if errand.words else step]


def _said(errand: Errand) -> str:
    if errand.kind == CONFIRM:
        return _("X shows it. It is linked and published.")
    if errand.code == THERE:
        return _("X shows it after all. It is linked, and nothing was sent again.")
    if errand.kind == LOOK:
        return _("X does not show it. What it shows instead is listed below.")
    return _("It goes out now.")


def _leads_to(errand: Errand) -> str:
    """Return to the post itself while it still waits for a decision, else to the next."""
    if errand.kind == LOOK and errand.code != THERE:
        return reverse("failure", args=[errand.params["delivery"]])
    return reverse("failures")


def _back(errand: Errand) -> str:
    return reverse("failure", args=[errand.params["delivery"]])


for _slug, _run in ((CONFIRM, _confirm), (LOOK, _look), (RESEND, _resend)):
    register_errand(
        ErrandKind(
            slug=_slug,
            run=_run,
            asking=gettext_lazy("X is asked whether it shows the post…"),
            leads_to=_leads_to,
            back=_back,
            explain=_explain,
            said=_said,
            # All decide under the delivery's own compare-and-set, so a second run is refused.
            repeatable=True,
            lease_seconds=90,
        )
    )
