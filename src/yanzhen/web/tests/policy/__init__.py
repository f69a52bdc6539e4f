"""Who may do what, address by address: written by hand from the mission, not read from the code."""

from __future__ import annotations

from yanzhen.web.tests.policy import (
    board,
    discussion,
    duty,
    handing,
    inside,
    plan,
    posts,
    proving,
    reviewing,
    sending,
    shelves,
    texts,
    told,
    welcome,
)
from yanzhen.web.tests.policy.ways import (
    ADMIN,
    ANALYST,
    CREATOR,
    EVERYBODY,
    LEAD,
    MANAGER,
    SIGN_IN,
    TASK_LEADERS,
    TASK_MOVERS,
    WORKSPACES,
    Page,
    Way,
)

__all__ = [
    "ADMIN",
    "ANALYST",
    "CREATOR",
    "EVERYBODY",
    "LEAD",
    "MANAGER",
    "SIGN_IN",
    "TABLE",
    "TASK_LEADERS",
    "TASK_MOVERS",
    "WORKSPACES",
    "Page",
    "Way",
]

TABLE: dict[str, Page] = {
    **inside.PAGES,
    **proving.PAGES,
    **board.PAGES,
    **duty.PAGES,
    **plan.PAGES,
    **posts.PAGES,
    **reviewing.PAGES,
    **discussion.PAGES,
    **sending.PAGES,
    **shelves.PAGES,
    **texts.PAGES,
    **told.PAGES,
    **handing.PAGES,
    **welcome.PAGES,
}
