"""Letting a text stand against an error of the brand framework."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.brand.actions.overriding import ReasonMissing, RuleGone, override_rule
from yanzhen.brand.models import LONGEST_REASON
from yanzhen.brand.queries import Judged
from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import brand_checks, draft_manuscript
from yanzhen.planning.views.composer import composer_context, draft_of, post_for


@asks(Decision.BRAND_OVERRIDE)
@require_POST
def post_let_stand(request: MemberRequest, pk: int) -> HttpResponse:
    """Let one error stand, for the text that was shown and no other."""
    post = post_for(request.member, pk)
    content = draft_of(post).content
    digest = draft_manuscript(post, content).digest(post.ref)
    asked = request.POST.get("rule", "")
    judged = _found(post, asked)
    if judged is None or request.POST.get("digest") != digest:
        why = _("The text or the rule changed meanwhile, so nothing was let stand. Look again.")
        return _composer(request, post, why, 409)
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    try:
        override_rule(
            judged.finding.rule,
            subject=post.ref,
            digest=digest,
            reason=reason,
            by=request.member,
            account_id=post.account_id,
            now=now(),
        )
    except ReasonMissing:
        return _composer(request, post, _("Say why the text may stand against the rule."), 422)
    except TextRefused as refused:
        return _composer(request, post, str(refused), 422)
    except RuleGone:
        why = _("The rule changed meanwhile, so nothing was let stand. Look again.")
        return _composer(request, post, why, 409)
    text = _("It stands, for these exact words. Reviewers see your reason.")
    return say(request, redirect("post", pk), text)


def _found(post: Post, rule_print: str) -> Judged | None:
    """Return what the rule with that print found in the draft."""
    for check in brand_checks(post, draft_of(post).content):
        if check.brand is not None and check.brand.finding.rule.fingerprint == rule_print:
            return check.brand
    return None


def _composer(request: MemberRequest, post: Post, trouble: str, status: int) -> HttpResponse:
    context = composer_context(request, post, trouble=trouble)
    return render(request, "planning/post.html", context, status=status)
