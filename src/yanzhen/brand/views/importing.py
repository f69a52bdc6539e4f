"""Rules from a file: see what it would do, then do all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.brand.actions.drafting import TooManyRules, import_rules
from yanzhen.brand.files import COLUMNS, FileRefused, Line, read_csv
from yanzhen.brand.forms import ImportForm
from yanzhen.brand.rules import MOST_RULES, Language, RuleKind, RuleSpec, Severity
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision

GOOD_FOR_SECONDS = 3600


def _salt(member: Member) -> str:
    return f"brand.import.{member.pk}"


def _park(lines: list[Line], mode: str, member: Member) -> str:
    """Seal what was read, for the member who read it; nothing is stored in between."""
    rules = [line.rule.as_json() for line in lines if line.rule]
    return dumps({"mode": mode, "rules": rules}, salt=_salt(member), compress=True)


def _page(request: MemberRequest, form: ImportForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "columns": COLUMNS,
        "kinds": RuleKind.choices,
        "severities": Severity.choices,
        "languages": Language.choices,
        **more,
    }
    return render(request, "brand/import.html", context, status=status)


@asks(Decision.BRAND_EDIT)
@require_http_methods(["GET", "POST"])
def rules_import(request: MemberRequest) -> HttpResponse:
    """Ask for a file, or show what is in it. Nothing is written."""
    if request.method == "GET":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, 422)
    file = form.cleaned_data["file"]
    try:
        lines = read_csv(file.read())
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return _page(request, form, 422)
    bad = [line for line in lines if line.errors]
    mode = form.cleaned_data["mode"]
    shown = {
        "file": file.name,
        "mode": mode,
        "lines": [*bad, *(line for line in lines if not line.errors)],
        "bad": len(bad),
        "parked": "" if bad else _park(lines, mode, request.member),
    }
    return _page(request, form, 422 if bad else 200, **shown)


@asks(Decision.BRAND_EDIT)
@require_POST
def rules_import_confirm(request: MemberRequest) -> HttpResponse:
    """Put the rules that were shown into the draft."""
    sealed = request.POST.get("parked", "")
    try:
        parked = loads(sealed, salt=_salt(request.member), max_age=GOOD_FOR_SECONDS)
    except BadSignature:
        why = _("The checked file is no longer at hand. Choose it again; nothing was imported.")
        return _page(request, ImportForm(), 422, trouble=why)
    rules = [RuleSpec.read(each) for each in parked["rules"]]
    try:
        import_rules(rules, replacing=parked["mode"] == "replace", by=request.member, now=now())
    except TooManyRules:
        why = _("The draft would have more than %(most)d rules, so nothing was imported.")
        return _page(request, ImportForm(), 422, trouble=why % {"most": MOST_RULES})
    words = ngettext(
        "%(count)d rule is in the draft.", "%(count)d rules are in the draft.", len(rules)
    )
    messages.success(request, words % {"count": len(rules)})
    return redirect("brand-draft")
