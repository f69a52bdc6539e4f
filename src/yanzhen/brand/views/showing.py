"""The framework as everybody reads it: what counts now, and what counted before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yanzhen.brand.comparing import changes, in_order
from yanzhen.brand.files import write_csv
from yanzhen.brand.models import FrameworkVersion
from yanzhen.brand.queries import framework_of
from yanzhen.brand.rules import Language, RuleKind, RuleSpec
from yanzhen.brand.words import Fact, caught_too, facts_of
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision

VERSIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules that belong together, under one heading; ``slug`` names it in the address."""

    slug: str
    name: str | Promise
    kinds: tuple[RuleKind, ...]


CHAPTERS: Sequence[Chapter] = (
    Chapter("messages", _("Core messages"), (RuleKind.MESSAGE,)),
    Chapter("tone", _("Tone"), (RuleKind.TONE,)),
    Chapter("words", _("Vocabulary"), (RuleKind.MUST, RuleKind.MAY, RuleKind.NEVER)),
    Chapter("proof", _("Proof and disclosure"), (RuleKind.CLAIM, RuleKind.DISCLOSURE)),
    Chapter("visual", _("Visual rules"), (RuleKind.VISUAL,)),
    Chapter(
        "signs",
        _("Links, hashtags, mentions, emoji"),
        (RuleKind.EMOJI, RuleKind.HASHTAG, RuleKind.MENTION, RuleKind.LINK),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule as the pages show it. ``pk`` is its row in the draft, 0 in a version."""

    rule: RuleSpec
    facts: Sequence[Fact]
    also: Sequence[str]
    pk: int = 0

    @property
    def lang(self) -> str:
        """The language of its words, for the attribute; "" where it may be any."""
        return {Language.ENGLISH: "en", Language.CHINESE: "zh-Hans"}.get(self.rule.language, "")


def shown(rule: RuleSpec, pk: int = 0) -> Shown:
    """Prepare one rule for showing."""
    return Shown(rule, facts_of(rule), caught_too(rule), pk)


def chapters(rules: Iterable[Shown], language: str = "") -> list[dict[str, Any]]:
    """Group rules under their headings; those for other languages than ``language`` are left out.

    Headings without rules are left out too.
    """
    kept = [
        each for each in rules if not language or each.rule.language in {language, Language.ANY}
    ]
    grouped = (
        {"chapter": each, "rules": [one for one in kept if one.rule.kind in each.kinds]}
        for each in CHAPTERS
    )
    return [group for group in grouped if group["rules"]]


def language_asked(request: MemberRequest) -> str:
    """Return the language the reader wants to see, "" for all; anything odd is all."""
    asked = request.GET.get("language", "")
    return asked if asked in (Language.ENGLISH, Language.CHINESE) else ""


@members
@require_GET
def brand(request: MemberRequest) -> HttpResponse:
    """Show the live framework."""
    framework = framework_of(request.member.workspace_id)
    live = framework.live if framework else None
    language = language_asked(request)
    rules = [shown(rule) for rule in in_order(live.specs)] if live else []
    may_edit = request.member.may(Decision.BRAND_EDIT)
    open_changes = 0
    if may_edit and framework is not None:
        draft = [rule.spec for rule in framework.rules.all()]
        open_changes = len(changes(live.specs if live else [], draft))
    context = {
        "live": live,
        "chapters": chapters(rules, language),
        "count": len(rules),
        "language": language,
        "languages": [("", _("All")), ("en", _("English")), ("zh_Hans", _("Chinese"))],
        "may_edit": may_edit,
        "open_changes": open_changes,
    }
    return render(request, "brand/brand.html", context)


def version_for(request: MemberRequest, pk: int) -> FrameworkVersion:
    """Return a version of the member's workspace, or raise Http404."""
    rows = FrameworkVersion.objects.select_related("framework", "published_by__user")
    return get_object_or_404(rows, framework__workspace_id=request.member.workspace_id, pk=pk)


@members
@require_GET
def versions(request: MemberRequest) -> HttpResponse:
    """List the versions, the newest first."""
    rows = FrameworkVersion.objects.filter(
        framework__workspace_id=request.member.workspace_id
    ).defer("rules")
    rows = rows.select_related("published_by__user").order_by("-number")
    page = Paginator(rows, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "brand/versions.html", {"page": page})


@members
@require_GET
def version(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one version, and what it changed."""
    found = version_for(request, pk)
    earlier = FrameworkVersion.objects.filter(framework=found.framework)
    before = earlier.filter(number=found.number - 1).first()
    rules = in_order(found.specs)
    context = {
        "version": found,
        "live": found.pk == found.framework.live_id,
        "changes": change_rows(before.specs if before else [], rules),
        "chapters": chapters(shown(rule) for rule in rules),
        "count": len(rules),
        "may_edit": request.member.may(Decision.BRAND_EDIT),
    }
    return render(request, "brand/version.html", context)


def change_rows(before: Sequence[RuleSpec], after: Sequence[RuleSpec]) -> list[dict[str, Any]]:
    """Return every changed rule with both sides as the page shows them."""
    return [
        {
            "change": change,
            "before": shown(change.before) if change.before else None,
            "after": shown(change.after) if change.after else None,
        }
        for change in changes(before, after)
    ]


@members
@require_GET
def export(request: MemberRequest) -> HttpResponse:
    """Send the rules as CSV: those that count, or the draft with ?of=draft."""
    framework = framework_of(request.member.workspace_id)
    rules: list[RuleSpec] = []
    if framework and request.GET.get("of") == "draft" and request.member.may(Decision.BRAND_EDIT):
        rules = [rule.spec for rule in framework.rules.all()]
    elif framework and framework.live:
        rules = list(framework.live.specs)
    answer = HttpResponse(write_csv(in_order(rules)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="brand-framework.csv"'
    return answer
