"""What is kept to write with, as pages and checks ask for it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yanzhen.people.models import Member
from yanzhen.planning.link_tags import LinkTags, filled
from yanzhen.planning.models import Ending, LinkRule, Post

MOST_OFFERED = 60


def endings_of(member: Member) -> QuerySet[Ending]:
    """Return the workspace's endings, signatures after hashtags, by their names."""
    rows = Ending.objects.visible_to(member).kept()
    return rows.select_related("account", "changed_by__user").order_by("kind", "title", "pk")


def offered_endings(member: Member, *, account_id: int | None, words: str) -> list[Ending]:
    """Return what may end a post of the account; without one, of any. Its own come first."""
    rows = endings_of(member)
    if account_id is not None:
        rows = rows.filter(Q(account=None) | Q(account_id=account_id))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(body__icontains=words))
    found = list(rows[:MOST_OFFERED])
    found.sort(key=lambda ending: ending.account_id is None)
    return found


def link_rules_of(member: Member) -> QuerySet[LinkRule]:
    """Return the workspace's rules for links, the last one last."""
    rows = LinkRule.objects.visible_to(member).kept()
    return rows.select_related("account", "changed_by__user").order_by("pk")


def link_tags_of(post: Post) -> list[LinkTags]:
    """Return what the post's links should carry, the rules of its account first. One query.

    ``post`` with account and campaign loaded.
    """
    rows = LinkRule.objects.filter(workspace_id=post.workspace_id).kept()
    rules = sorted(
        rows.meant_for(post.account_id), key=lambda rule: (rule.account_id is None, rule.pk)
    )
    known = {
        "campaign": post.campaign.code if post.campaign else "",
        "account": post.account.handle,
        "post": str(post.pk),
    }
    return [LinkTags(tuple(rule.domains), filled(rule.values, known)) for rule in rules]
