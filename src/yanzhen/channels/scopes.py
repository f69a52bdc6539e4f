"""What Yanzhen asks X to allow, one by one, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Scope:
    """One permission. Without a ``needed`` one nothing can be published, or not for long."""

    slug: str
    why: str | Promise
    needed: bool = True


SCOPES = (
    Scope("tweet.read", _("To see whether a post arrived, and to read its counts.")),
    Scope("tweet.write", _("To publish what your team has passed, and to delete it on request.")),
    Scope("users.read", _("To know whose account this is before every first post.")),
    Scope("offline.access", _("To stay connected: without it, X ends the access after two hours.")),
    Scope("media.write", _("To upload pictures and videos with a post."), needed=False),
    Scope("tweet.moderate.write", _("To hide replies under your own posts."), needed=False),
)
NEEDED = frozenset(scope.slug for scope in SCOPES if scope.needed)
