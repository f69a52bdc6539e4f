"""How an address is written down: who comes in, and what they are answered.

Anybody of the brand who is not named is told who holds the right (403); strangers are led to
sign-in, people without a workspace to the list of theirs, and another brand's things are nowhere
(404).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yanzhen.web.tests.house import ROLES, House

STRATEGIST, CREATOR, COMMUNITY, ANALYST, COORDINATOR, LEAD, MANAGER, ADMIN = ROLES
EVERYBODY = frozenset(ROLES)
WRITERS = frozenset({STRATEGIST, CREATOR, COMMUNITY, LEAD})
PLANNERS = WRITERS | {MANAGER}
DROPPERS = frozenset({STRATEGIST, COORDINATOR, LEAD, MANAGER})
REVIEWERS = frozenset({LEAD, MANAGER})
IMPORTERS = frozenset({STRATEGIST, LEAD, ADMIN})
CONNECTORS = frozenset({MANAGER, ADMIN})
RESOLVERS = frozenset({COORDINATOR, LEAD, MANAGER})
HURRIERS = frozenset({LEAD, MANAGER})
LIBRARIANS = frozenset({STRATEGIST, CREATOR, LEAD, MANAGER})
AGREERS = frozenset({COORDINATOR, LEAD, MANAGER})
THEME_MAKERS = frozenset({STRATEGIST, LEAD, MANAGER})
FRAMERS = frozenset({STRATEGIST, MANAGER})
OVERRIDERS = frozenset({LEAD, MANAGER})
HOSTS = frozenset({STRATEGIST, LEAD, MANAGER, ADMIN})
LEADERS = frozenset({LEAD, MANAGER, ADMIN})
ROTA_KEEPERS = frozenset({LEAD, MANAGER, ADMIN})
INVITERS = frozenset({LEAD, ADMIN})
FLOW_MAKERS = frozenset({MANAGER, ADMIN})
LOG_READERS = frozenset({ANALYST, COORDINATOR, LEAD, MANAGER, ADMIN})
ADMINS = frozenset({ADMIN})
TASK_LEADERS = frozenset({STRATEGIST, COORDINATOR, LEAD, MANAGER})
#: The task of the table is the analyst's own.
TASK_MOVERS = TASK_LEADERS | {ANALYST}
#: The idea of the table is the analyst's.
IDEA_CHANGERS = WRITERS | {ANALYST}
AUTHOR = frozenset({CREATOR})

SIGN_IN = "sign-in"
WORKSPACES = "workspaces"
NEW_PASSWORD = "cranes-fly-in-lines-9"

Sends = Callable[[House], dict[str, Any]]


def nothing(house: House) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Way:
    """One method of one address.

    ``who`` of the brand is answered ``answer``, the others ``refused``. ``stranger`` and
    ``homeless`` are a status, or the page they are led to. ``outsider`` holds every right in
    another brand and sends the same numbers.
    """

    who: frozenset[str]
    answer: int
    outsider: int
    sends: Sends = nothing
    stranger: int | str = SIGN_IN
    homeless: int | str = WORKSPACES
    refused: int = 403


@dataclass(frozen=True)
class Page:
    """One address: what stands in it, and its two methods."""

    get: Way
    post: Way
    args: Callable[[House], tuple[Any, ...]] = field(default=lambda house: ())


def way(
    who: frozenset[str], answer: int, sends: Sends = nothing, *, outsider: int | None = None
) -> Way:
    """A page without numbers in its address; an outsider is on their own brand's."""
    return Way(who, answer, answer if outsider is None else outsider, sends)


def row(who: frozenset[str], answer: int, sends: Sends = nothing) -> Way:
    """A page about one thing of the brand, which for an outsider is not there."""
    return Way(who, answer, 404, sends)


def no(who: frozenset[str]) -> Way:
    """A method that the address does not take; whoever may use the address is told so."""
    return Way(who, 405, 405)


def own(answer: int, sends: Sends = nothing) -> Way:
    """A page about the reader, in a workspace or not."""
    return Way(EVERYBODY, answer, answer, sends, homeless=answer)


def anyone(answer: int, sends: Sends = nothing, *, inside: int | None = None) -> Way:
    """A page that needs no sign-in; ``inside`` is the answer to those who are signed in."""
    theirs = answer if inside is None else inside
    return Way(EVERYBODY, theirs, theirs, sends, stranger=answer, homeless=theirs)


def about(what: str) -> Callable[[House], tuple[Any, ...]]:
    """Put the number of one thing of the brand into the address: posts.draft, account."""
    name, _dot, key = what.partition(".")

    def args(house: House) -> tuple[Any, ...]:
        found = getattr(house, name)
        return ((found[key] if key else found).pk,)

    return args


def says(**values: Any) -> Sends:
    return lambda house: values
