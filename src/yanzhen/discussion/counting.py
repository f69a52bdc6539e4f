"""What planning's list of posts shows of this room."""

from __future__ import annotations

from yanzhen.discussion.queries import open_counts
from yanzhen.planning.ports import tell_discussions

tell_discussions(open_counts)
