"""Who may do what, address by address: written by hand from the mission, not read from the code."""

from __future__ import annotations

from yanzhen.web.tests.policy import (
    board,
    discussion,
    inside,
    plan,
    posts,
    proving,
    reviewing,
    sending,
    shelves,
    texts,
)
from yanzhen.web.tests.policy.ways import (
    ADMIN,
    ANALYST,
    CREATOR,
    LEAD,
    MANAGER,
    SIGN_IN,
    WORKSPACES,
    Page,
    Way,
)

__all__ = [
    "ADMIN",
    "ANALYST",
    "CREATOR",
    "LEAD",
    "MANAGER",
    "SIGN_IN",
    "TABLE",
    "WORKSPACES",
    "Page",
    "Way",
]

TABLE: dict[str, Page] = {
    **inside.PAGES,
    **proving.PAGES,
    **board.PAGES,
    **plan.PAGES,
    **posts.PAGES,
    **reviewing.PAGES,
    **discussion.PAGES,
    **sending.PAGES,
    **shelves.PAGES,
    **texts.PAGES,
}
