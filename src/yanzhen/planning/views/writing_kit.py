"""What a team keeps to write with: ends of posts, and tags for links."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import weigh
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.equipping import (
    MOST_KEPT,
    ChangedMeanwhile,
    TooManyKept,
    keep_ending,
    keep_link_rule,
    remove_ending,
    remove_link_rule,
)
from yanzhen.planning.forms_writing_kit import EndingForm, LinkRuleForm
from yanzhen.planning.models import Ending, EndingKind, LinkRule
from yanzhen.planning.queries_writing import endings_of, link_rules_of, offered_endings


@members
@require_GET
def endings(request: MemberRequest) -> HttpResponse:
    """List signatures and groups of hashtags."""
    rows = [(each, weigh(each.body).weight) for each in endings_of(request.member)]
    context = {"rows": rows, "may_keep": request.member.may(Decision.LIBRARY_EDIT)}
    return render(request, "planning/endings.html", context)


@asks(Decision.POST_WRITE)
@require_GET
def endings_offered(request: MemberRequest) -> HttpResponse:
    """Give the composer what may end a post of ?account=."""
    account_id = parse_id(request.GET.get("account"))
    words = request.GET.get("q", "")[:200].strip()
    found = offered_endings(request.member, account_id=account_id, words=words)
    context = {
        "rows": [(each, weigh(each.body).weight) for each in found],
        "may_keep": request.member.may(Decision.LIBRARY_EDIT),
    }
    return render(request, "planning/_endings_offered.html", context)


@asks(Decision.LIBRARY_EDIT)
@require_http_methods(["GET", "POST"])
def ending_new(request: MemberRequest) -> HttpResponse:
    """Keep a new ending; ?kind= says which."""
    kind = request.GET.get("kind", "")
    asked = kind if kind in EndingKind.values else ""
    return _ending_form(
        request, None, EndingForm(_sent(request), member=request.member, kind=asked)
    )


@asks(Decision.LIBRARY_EDIT)
@require_http_methods(["GET", "POST"])
def ending(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one ending, and save it."""
    row = _ending(request, pk)
    return _ending_form(request, row, EndingForm(_sent(request), member=request.member, ending=row))


def _ending_form(request: MemberRequest, row: Ending | None, form: EndingForm) -> HttpResponse:
    status = _keep(request, form, partial(keep_ending, row))
    if status == HTTPStatus.FOUND:
        return say(request, redirect("endings"), _("Saved."))
    return render(request, "planning/ending.html", {"ending": row, "form": form}, status=status)


@asks(Decision.LIBRARY_EDIT)
@require_POST
def ending_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an ending off the list; ?back=yes puts it back."""
    row, back = _ending(request, pk), "back" in request.GET
    remove_ending(row, removed=not back, by=request.member, now=now())
    undo = "" if back else f"{reverse('ending-remove', args=[pk])}?back=yes"
    text = _("“%(name)s” is on the list again.") if back else _("“%(name)s” is removed.")
    return say(request, redirect("endings"), text % {"name": row.title}, undo=undo)


@members
@require_GET
def link_rules(request: MemberRequest) -> HttpResponse:
    """List the rules for links, and say what becomes of links."""
    context = {
        "rules": link_rules_of(request.member),
        "may_keep": request.member.may(Decision.PLAN_THEME),
    }
    return render(request, "planning/link_rules.html", context)


@asks(Decision.PLAN_THEME)
@require_http_methods(["GET", "POST"])
def link_rule_new(request: MemberRequest) -> HttpResponse:
    """Keep a new rule."""
    return _rule_form(request, None, LinkRuleForm(_sent(request), member=request.member))


@asks(Decision.PLAN_THEME)
@require_http_methods(["GET", "POST"])
def link_rule(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one rule, and save it."""
    row = _rule(request, pk)
    return _rule_form(request, row, LinkRuleForm(_sent(request), member=request.member, rule=row))


def _rule_form(request: MemberRequest, row: LinkRule | None, form: LinkRuleForm) -> HttpResponse:
    status = _keep(request, form, partial(keep_link_rule, row))
    if status == HTTPStatus.FOUND:
        return say(request, redirect("link-rules"), _("Saved."))
    return render(request, "planning/link_rule.html", {"rule": row, "form": form}, status=status)


@asks(Decision.PLAN_THEME)
@require_POST
def link_rule_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a rule off the list; ?back=yes puts it back."""
    row, back = _rule(request, pk), "back" in request.GET
    remove_link_rule(row, removed=not back, by=request.member, now=now())
    undo = "" if back else f"{reverse('link-rule-remove', args=[pk])}?back=yes"
    text = _("“%(name)s” is on the list again.") if back else _("“%(name)s” is removed.")
    return say(request, redirect("link-rules"), text % {"name": row}, undo=undo)


def _keep(
    request: MemberRequest, form: EndingForm | LinkRuleForm, keep: Callable[..., object]
) -> int:
    """Keep what was sent; return 302 once it is kept, else the status of the page that says why."""
    if request.method != "POST":
        return HTTPStatus.OK
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    revision = form.cleaned_data["revision"]
    try:
        keep(words=form.words(), revision=revision, by=request.member, now=now())
    except ChangedMeanwhile:
        form.add_error(None, _meanwhile())
        return HTTPStatus.CONFLICT
    except TooManyKept:
        form.add_error(None, _too_many())
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.FOUND


def _sent(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _ending(request: MemberRequest, pk: int) -> Ending:
    rows = Ending.objects.visible_to(request.member).select_related("account")
    return get_object_or_404(rows, pk=pk)


def _rule(request: MemberRequest, pk: int) -> LinkRule:
    rows = LinkRule.objects.visible_to(request.member).select_related("account")
    return get_object_or_404(rows, pk=pk)


def _meanwhile() -> str:
    return _("Somebody changed it meanwhile. Look again, then save.")


def _too_many() -> str:
    return _("%(most)d are kept already. Remove one first.") % {"most": MOST_KEPT}
