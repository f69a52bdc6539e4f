"""Whether a post can go out on X at all; asked before it enters review."""

from __future__ import annotations

from datetime import datetime

from yanzhen.planning.content import Content
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import findings_for


def faults(post: Post, content: Content, *, now: datetime) -> list[str]:
    """Return what stops this content from going out, as sentences in the reader's language.

    The same checks as beside the text, so that nothing new turns up at the door.
    """
    return [check.sentence for check in findings_for(post, content, now=now).stops]
