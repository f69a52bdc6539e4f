"""The first ten minutes, one step at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanzhen.brand.queries import framework_of
from yanzhen.duty.models import Site
from yanzhen.duty.queries_board import zones_of
from yanzhen.duty.refusals import refused_words
from yanzhen.kernel.clock import now
from yanzhen.onboarding.actions.steps import (
    RowRefused,
    RulesThere,
    add_places,
    invite_guests,
    name_workspace,
    publish_first_words,
    set_first_theme,
)
from yanzhen.onboarding.forms import (
    LEAST_ROWS,
    FirstThemeForm,
    HomeForm,
    PlaceForm,
    WordsForm,
    guest_forms,
    named,
    rows_asked,
)
from yanzhen.onboarding.views.page import go_on, step_page
from yanzhen.people import mail
from yanzhen.people.actions.invitations import GOOD_FOR, AlreadyMember
from yanzhen.people.actions.keep import ChangedMeanwhile
from yanzhen.people.forms import already_words
from yanzhen.people.gate import MemberRequest, asks, proves_when
from yanzhen.people.models import Invitation
from yanzhen.people.queries import gives_powers
from yanzhen.people.rights import Decision
from yanzhen.people.zones import city_words
from yanzhen.planning.models import Theme, month_of

MOST_PLACES = 3
GET_OR_POST = require_http_methods(["GET", "POST"])


@asks(Decision.WORKSPACE_EDIT)
@GET_OR_POST
def workspace(request: MemberRequest) -> HttpResponse:
    """Name the workspace, its home zone, and the language its owner reads."""
    form = _home_form(request, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return step_page(request, "workspace", form=form)
    if not form.is_valid():
        return step_page(request, "workspace", form=form, status=422)
    try:
        name_workspace(**form.cleaned_data, by=request.member, now=now())
    except ChangedMeanwhile:
        request.member.workspace.refresh_from_db()
        note = _("Somebody changed this meanwhile. Here is what it says now.")
        return step_page(request, "workspace", form=_home_form(request), note=note, status=409)
    return go_on(request, "workspace")


def _home_form(request: MemberRequest, data: Any = None) -> HomeForm:
    home = request.member.workspace
    initial = {"name": home.name, "zone": home.zone, "language": request.user.language}
    return HomeForm(data, initial={**initial, "seen": home.revision})


def _gives_powers(request: MemberRequest) -> bool:
    asked = [request.POST.get(name, "") for name in request.POST if name.endswith("-role")]
    return gives_powers(request.member, asked)


@proves_when(_gives_powers)
@asks(Decision.WORKSPACE_EDIT)
@never_cache
@GET_OR_POST
def people(request: MemberRequest) -> HttpResponse:
    """Invite several people at once; their links are on the answer, and nowhere else afterwards."""
    sent = request.POST if request.method == "POST" else None
    rows = rows_asked(sent) if sent is not None else LEAST_ROWS
    guests = guest_forms(sent, member=request.member, rows=rows)
    waiting = list(Invitation.objects.visible_to(request.member).waiting())
    parts: dict[str, Any] = {"guests": guests, "rows": rows, "days": GOOD_FOR.days}
    parts |= {"mail": mail.mail_is_set_up(), "waiting": waiting}
    if sent is None or "more" in sent:
        return step_page(request, "people", **parts)
    chosen = named(guests)
    if not chosen:
        note = _("Write an address, or leave this step out for now.")
        return step_page(request, "people", note=note, status=422, **parts)
    if any(form.errors for form in chosen):
        return step_page(request, "people", status=422, **parts)
    try:
        made = invite_guests([form.guest() for form in chosen], by=request.member, now=now())
    except RowRefused as refused:
        if not isinstance(refused.why, AlreadyMember):
            raise
        chosen[refused.index].add_error("email", already_words(refused.why.member))
        return step_page(request, "people", status=422, **parts)
    return _invited(request, made)


def _invited(request: MemberRequest, made: list[tuple[Invitation, str]]) -> HttpResponse:
    """Send the mails and show the links, this once."""
    invited = []
    for invitation, token in made:
        link = mail.address_of("join", token=token)
        invited.append((invitation, link, mail.send_invitation(invitation, link)))
    parts: dict[str, Any] = {
        "invited": invited,
        "mail": mail.mail_is_set_up(),
        "days": GOOD_FOR.days,
    }
    return step_page(request, "people", template="onboarding/steps/invited.html", **parts)


@asks(Decision.WORKSPACE_EDIT)
@GET_OR_POST
def places(request: MemberRequest) -> HttpResponse:
    """Say where the team works, and when."""
    member, sent = request.member, request.POST if request.method == "POST" else None
    there = list(Site.objects.visible_to(member).order_by("name"))
    zones = list(dict.fromkeys([member.workspace.zone, *zones_of(member)]))
    home = {} if there else {"name": city_words(member.workspace.zone)}
    rows = [
        PlaceForm(sent, zones=zones, prefix=f"s{n}", initial=home if n == 0 else None)
        for n in range(MOST_PLACES)
    ]
    parts: dict[str, Any] = {"places": rows, "there": there}
    if sent is None:
        return step_page(request, "places", **parts)
    chosen = [form for form in rows if form.has_changed()]
    if not chosen:
        note = _("Name a place, or leave this step out for now.")
        return step_page(request, "places", note=note, status=422, **parts)
    valid = [form.is_valid() for form in chosen]
    if not all(valid):
        return step_page(request, "places", status=422, **parts)
    try:
        add_places([form.wish() for form in chosen], by=member, now=now())
    except RowRefused as refused:
        chosen[refused.index].add_error(None, refused_words(refused.why, member))
        return step_page(request, "places", status=422, **parts)
    return go_on(request, "places")


@asks(Decision.WORKSPACE_EDIT)
@GET_OR_POST
def words(request: MemberRequest) -> HttpResponse:
    """Publish the first words of the brand."""
    framework = framework_of(request.member.workspace_id)
    there = framework is not None and (framework.live_id is not None or framework.rules.exists())
    form = WordsForm(request.POST if request.method == "POST" else None)
    parts: dict[str, Any] = {
        "form": form,
        "there": there,
        "live": framework.live if framework else None,
    }
    if request.method != "POST":
        return step_page(request, "words", **parts)
    if not form.is_valid():
        return step_page(request, "words", status=422, **parts)
    try:
        publish_first_words(
            form.rules, note=pgettext("brand words", "First words"), by=request.member, now=now()
        )
    except RulesThere:
        messages.info(request, _("The brand has rules already. Change them on its own page."))
        return redirect("start-words")
    return go_on(request, "words")


@asks(Decision.WORKSPACE_EDIT)
@GET_OR_POST
def theme(request: MemberRequest) -> HttpResponse:
    """Say what this month is about."""
    home = request.member.workspace
    month = month_of(now().astimezone(home.tz).date())
    found = Theme.objects.filter(workspace=home, month_date=month).first()
    initial = {"name": found.name, "note": found.note} if found else {}
    form = FirstThemeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method != "POST":
        return step_page(request, "theme", form=form, month=month)
    if not form.is_valid():
        return step_page(request, "theme", form=form, month=month, status=422)
    set_first_theme(month=month, **form.cleaned_data, by=request.member, now=now())
    return go_on(request, "theme")
