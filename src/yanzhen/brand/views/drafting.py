"""The draft: its rules, what is new in it, how it does on past posts, and publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.brand.actions.drafting import (
    StaleRule,
    TooManyRules,
    add_rule,
    change_rule,
    discard_draft,
    put_back_rule,
    remove_rule,
    restore_version,
)
from yanzhen.brand.actions.publishing import NothingNew, publish_framework
from yanzhen.brand.forms import PublishForm, RuleForm
from yanzhen.brand.models import Rule
from yanzhen.brand.queries import MOST_PAST, draft_rules, framework_of, try_on_past
from yanzhen.brand.rules import MOST_RULES, RuleKind
from yanzhen.brand.views.showing import CHAPTERS, change_rows, chapters, shown, version_for
from yanzhen.brand.words import title_of
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

MOST_SHOWN = 100


def _page(request: MemberRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    framework = framework_of(request.member.workspace_id)
    rows = draft_rules(framework) if framework else []
    live = framework.live if framework else None
    seen = framework.revision if framework else 0
    context = {
        "live": live,
        "seen": seen,
        "changes": change_rows(live.specs if live else [], [row.spec for row in rows]),
        "chapters": chapters(shown(row.spec, row.pk) for row in rows),
        "count": len(rows),
        "all_chapters": CHAPTERS,
        "form": PublishForm(initial={"seen": seen}),
        **more,
    }
    return render(request, "brand/draft.html", context, status=status)


@asks(Decision.BRAND_EDIT)
@require_GET
def draft(request: MemberRequest) -> HttpResponse:
    """Show the draft."""
    return _page(request)


def _stale() -> str:
    return _("Somebody else changed the draft meanwhile. Here is what it says now.")


@asks(Decision.BRAND_EDIT)
@require_POST
def publish(request: MemberRequest) -> HttpResponse:
    """Publish the draft as a version."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    asked = form.cleaned_data
    try:
        made = publish_framework(
            note=asked["note"], seen=asked["seen"], by=request.member, now=now()
        )
    except StaleRule:
        return _page(request, status=409, trouble=_stale())
    except NothingNew:
        why = _("The draft says what the live version says, so there is nothing to publish.")
        return _page(request, status=422, trouble=why)
    text = _("Version %(number)d counts from now on.") % {"number": made.number}
    messages.success(request, text)
    return redirect("brand")


@asks(Decision.BRAND_EDIT)
@require_POST
def discard(request: MemberRequest) -> HttpResponse:
    """Take back every change of the draft."""
    seen = parse_id(request.POST.get("seen", "")) or 0
    try:
        discard_draft(seen=seen, by=request.member, now=now())
    except StaleRule:
        return _page(request, status=409, trouble=_stale())
    messages.success(request, _("The draft is what the live version says."))
    return redirect("brand-draft")


@asks(Decision.BRAND_EDIT)
@require_POST
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Make an older version the draft."""
    version = version_for(request, pk)
    restore_version(version, by=request.member, now=now())
    text = _("The draft has the rules of version %(number)d. Publish it to let them count.")
    messages.success(request, text % {"number": version.number})
    return redirect("brand-draft")


@asks(Decision.BRAND_EDIT)
@require_GET
def trial(request: MemberRequest) -> HttpResponse:
    """Show which past posts the draft would have flagged; the figure alone with ?part=line."""
    framework = framework_of(request.member.workspace_id)
    rules = [row.spec for row in draft_rules(framework)] if framework else []
    found = try_on_past(request.member.workspace_id, rules)
    context = {
        "trial": found,
        "rows": [
            {"flagged": each, "findings": [(one, title_of(one)) for one in each.findings]}
            for each in found.flagged[:MOST_SHOWN]
        ],
        "most_past": MOST_PAST,
        "most_shown": MOST_SHOWN,
    }
    part = "#line" if request.GET.get("part") == "line" else ""
    return render(request, f"brand/trial.html{part}", context)


@asks(Decision.BRAND_EDIT)
@require_http_methods(["GET", "POST"])
def rule_new(request: MemberRequest, kind: str) -> HttpResponse:
    """Write a new rule of one kind."""
    if kind not in RuleKind.values:
        raise Http404
    form = RuleForm(request.POST if request.method == "POST" else None, kind=RuleKind(kind))
    if request.method == "POST" and form.is_valid() and form.rule is not None:
        try:
            made = add_rule(form.rule, by=request.member, now=now())
        except TooManyRules:
            words = {"most": MOST_RULES}
            form.add_error(None, _("A framework has at most %(most)d rules. Remove one.") % words)
        else:
            messages.success(request, _("“%(rule)s” is in the draft.") % {"rule": made.title})
            return redirect("brand-draft")
    return _rule_page(request, form)


def _rule_page(
    request: MemberRequest, form: RuleForm, row: Rule | None = None, **more: Any
) -> HttpResponse:
    status = more.pop("status", 422 if form.is_bound else 200)
    context = {"form": form, "kind": form.kind, "row": row, **more}
    context["also"] = shown(row.spec).also if row else []
    return render(request, "brand/rule.html", context, status=status)


def _row(request: MemberRequest, pk: int) -> Rule:
    rows = Rule.objects.visible_to(request.member).select_related("framework")
    return get_object_or_404(rows, pk=pk)


@asks(Decision.BRAND_EDIT)
@require_http_methods(["GET", "POST"])
def rule(request: MemberRequest, pk: int) -> HttpResponse:
    """Change one rule of the draft."""
    row = _row(request, pk)
    given = request.POST if request.method == "POST" else None
    form = RuleForm(given, kind=RuleKind(row.kind), rule=row.spec, seen=row.revision)
    if given is None or not form.is_valid() or form.rule is None:
        return _rule_page(request, form, row)
    seen = form.cleaned_data.get("seen") or 0
    try:
        made = change_rule(row, form.rule, seen=seen, by=request.member, now=now())
    except StaleRule:
        row = _row(request, pk)
        fresh = RuleForm(None, kind=RuleKind(row.kind), rule=row.spec, seen=row.revision)
        why = _("Somebody else changed this rule meanwhile. Here is what it says now.")
        return _rule_page(request, fresh, row, trouble=why, status=409)
    messages.success(request, _("“%(rule)s” is changed in the draft.") % {"rule": made.title})
    return redirect("brand-draft")


@asks(Decision.BRAND_EDIT)
@require_POST
def rule_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a rule out of the draft."""
    row = _row(request, pk)
    remove_rule(row, by=request.member, now=now())
    messages.success(request, _("“%(rule)s” is out of the draft.") % {"rule": row.title})
    return redirect("brand-draft")


@asks(Decision.BRAND_EDIT)
@require_POST
def rule_back(request: MemberRequest) -> HttpResponse:
    """Let one rule of the draft say again what the live version says."""
    key = parse_id(request.POST.get("key"))
    framework = framework_of(request.member.workspace_id)
    live = framework.live if framework else None
    if key is None or live is None or key not in {spec.key for spec in live.specs}:
        raise Http404
    put_back_rule(key, by=request.member, now=now())
    messages.success(request, _("The rule is as it was."))
    return redirect("brand-draft")
