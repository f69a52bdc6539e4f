"""The failure inbox: posts the engine will not decide about, and one of them open beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yanzhen.channels.models import Account
from yanzhen.channels.ports import Sent
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.views.answers import TimeRefused
from yanzhen.publishing import inbox
from yanzhen.publishing.engine.matching import plain
from yanzhen.publishing.forms import AgainForm, LinkForm, ReasonForm
from yanzhen.publishing.ledger import Line
from yanzhen.publishing.models import Attempt, Delivery, LookUp
from yanzhen.publishing.states import DeliveryState, HoldReason
from yanzhen.publishing.ways import Ways, ways_of
from yanzhen.publishing.words import ASKING, MAYBE, STORIES, noted

PAGE = 25


@dataclass(frozen=True)
class Answer:
    """A form that was sent and found wanting: which way, the form, and why a time was refused."""

    way: str
    form: Form
    refused: TimeRefused | None = None


@dataclass(frozen=True)
class Candidate:
    """A post of the account that is nobody's yet, as X showed it. ``same``: it has these words."""

    id: str
    text: str
    at: str
    same: bool


@dataclass(frozen=True)
class Sheet:
    """One delivery as it lies open. ``note`` are X's words when ``quoted``, else a member's.

    ``ways`` is None while nothing is to decide; ``opened`` names the way whose form was sent.
    """

    delivery: Delivery
    happened: str
    safe: str
    note: str
    quoted: bool
    last: Attempt | None
    ledger: list[Line]
    ways: Ways | None
    candidates: list[Candidate]
    look: LookUp | None
    forms: dict[str, Form]
    opened: str
    refused: TimeRefused | None

    @property
    def answered(self) -> bool:
        """Whether the last try is over without a clear yes."""
        last = self.last
        return last is not None and last.ended_at is not None and last.sent != Sent.CREATED


def _candidates(delivery: Delivery, look: LookUp | None) -> list[Candidate]:
    if look is None:
        return []
    ours = plain(delivery.text)
    return [
        Candidate(one["id"], one["text"], one["at"], plain(one["text"]) == ours)
        for one in look.shown
    ]


def _forms(delivery: Delivery, member: Member) -> dict[str, Form]:
    return {
        "there": LinkForm(auto_id="there-%s"),
        "again": AgainForm(auto_id="again-%s"),
        "time": TimeForm(member=member, post=delivery.post),
        "drop": ReasonForm(auto_id="drop-%s"),
    }


def _safe(delivery: Delivery, *, landed: bool) -> str:
    """Return what is safe to do about it."""
    cause = inbox.why(delivery)
    if cause is not None:
        safe = str(STORIES[cause].safe)
        two = _("An earlier try may be on X, so sending it again takes two members.")
        return f"{safe} {two}" if landed and STORIES[cause].safe is not MAYBE else safe
    if delivery.state == DeliveryState.AMBIGUOUS:
        return str(ASKING)
    return _("Nothing is to be decided about it.")


def _note(delivery: Delivery) -> tuple[str, bool]:
    """Return what was noted, unless X's answer says the same, and whether these are X's words."""
    last = inbox.last_try(delivery)
    if last is not None and last.detail and last.detail[:200] in delivery.hold_note:
        return "", False
    note, quoted = noted(delivery.hold_note)
    return note, quoted and delivery.hold_reason != HoldReason.BY_HAND


def sheet(delivery: Delivery, member: Member, answer: Answer | None = None) -> Sheet:
    """Return a delivery loaded by inbox.with_story as it lies open for ``member``."""
    cause = inbox.why(delivery)
    landed = inbox.may_have_landed(delivery)
    ways = None
    if cause is not None:
        waiting = inbox.open_resend(delivery)
        ways = ways_of(delivery, cause, landed=landed, waiting=waiting, member=member)
    note, quoted = _note(delivery)
    forms = _forms(delivery, member)
    if answer is not None:
        forms[answer.way] = answer.form
    look = inbox.last_look(delivery)
    return Sheet(
        delivery=delivery,
        happened=inbox.happened(delivery),
        safe=_safe(delivery, landed=landed),
        note=note,
        quoted=quoted,
        last=inbox.last_try(delivery),
        ledger=list(inbox.ledger_of(delivery)),
        ways=ways,
        candidates=_candidates(delivery, look),
        look=look,
        forms=forms,
        opened=answer.way if answer else "",
        refused=answer.refused if answer else None,
    )


def load(member: Member, pk: int) -> Delivery:
    """Return one delivery of the member's workspace with its story, or 404."""
    return get_object_or_404(inbox.with_story(Delivery.objects.visible_to(member)), pk=pk)


def page(
    request: MemberRequest,
    delivery: Delivery | None,
    answer: Answer | None = None,
    *,
    status: int = 200,
    part: str = "",
) -> HttpResponse:
    """Render the inbox with ``delivery`` open, or the first of the list."""
    member = request.member
    show = request.GET.get("show", inbox.PERSON)
    show = show if show in inbox.SHOWS else inbox.PERSON
    accounts = list(Account.objects.visible_to(member).in_order())
    chosen = parse_id(request.GET.get("account"))
    account = next((a for a in accounts if a.pk == chosen), None)
    found = inbox.listed(member, show, account)
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = inbox.rows(list(leaf))
    if delivery is None and rows:
        delivery = rows[0].delivery
    # Who may is asked for the account of what lies open; where nothing does, nothing is to decide.
    there = delivery.account_id if delivery else None
    may_resolve = member.may(Decision.PUBLISH_RESOLVE, account_id=there)
    team = Member.objects.filter(workspace_id=member.workspace_id)
    kept = {"show": show if show != inbox.PERSON else "", "account": account.pk if account else ""}
    query = urlencode({name: value for name, value in kept.items() if value})
    context: dict[str, Any] = {
        "kept": f"?{query}" if query else "",
        "page": leaf,
        "rows": rows,
        "show": show,
        "account": account,
        "accounts": accounts,
        "counts": inbox.counts(member, account),
        "outages": inbox.outages(member),
        "deleting": inbox.being_deleted(member, account) if show == inbox.PERSON else [],
        "sheet": sheet(delivery, member, answer) if delivery else None,
        "may_resolve": may_resolve,
        "holders": [] if may_resolve else team.holding(Decision.PUBLISH_RESOLVE, account_id=there),
        "now": now(),
    }
    response = render(request, f"publishing/failures.html{part}", context, status=status)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


PARTS = {"failure-doc": "#doc", "failure-queue": "#queue", "failure-told": "#told"}


@members
@require_GET
def failures(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """Show what needs a person, and one of it open; htmx asks for one of PARTS alone."""
    delivery = load(request.member, pk) if pk is not None else None
    part = PARTS.get(request.headers.get("HX-Target", ""), "")
    if part == "#told" and delivery and request.GET.get("seen") != str(delivery.state_version):
        # It moved: what may be done about it is another matter now.
        response = page(request, delivery, part="#doc")
        response.headers["HX-Retarget"] = "#failure-doc"
        response.headers["HX-Reswap"] = "outerHTML"
        return response
    return page(request, delivery, part=part)
