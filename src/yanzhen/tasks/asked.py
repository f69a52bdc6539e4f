"""What a reader asks of the tasks: which view, narrowed to what; read from the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

BOARD, LIST, MINE = "board", "list", "mine"
NO_LANES, BY_ASSIGNEE, BY_LABEL, BY_ACCOUNT = "", "assignee", "label", "account"
NOBODY, ME = "none", "me"
LATE, TODAY, WEEK, NO_DAY = "late", "today", "week", "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """As it stands in the address; "" leaves everything in.

    ``assignee`` is a member's number, ME or NOBODY; ``label``, ``account`` and ``column`` are
    numbers.
    """

    view: str = BOARD
    lanes: str = NO_LANES
    assignee: str = ""
    label: str = ""
    due: str = ""
    account: str = ""
    column: str = ""
    q: str = ""

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is left out."""
        return any((self.assignee, self.label, self.due, self.account, self.column, self.q))

    @property
    def narrowed_more(self) -> bool:
        """Tell whether one of the filters is used that are folded away."""
        return any((self.label, self.due, self.account))

    def _query(self, **changes: str) -> str:
        names = ("view", "lanes", "assignee", "label", "due", "account", "column", "q")
        asked = {name: getattr(self, name) for name in names} | changes
        if asked["view"] == BOARD:
            del asked["view"]
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return self._query()

    def _at(self, **changes: str) -> str:
        query = self._query(**changes)
        return reverse("tasks") + (f"?{query}" if query else "")

    @property
    def address(self) -> str:
        """Where this is."""
        return self._at()

    @property
    def as_board(self) -> str:
        """The same on the board, which shows all columns."""
        return self._at(view=BOARD, column="")

    @property
    def as_list(self) -> str:
        """The same in a list."""
        return self._at(view=LIST)

    @property
    def as_mine(self) -> str:
        """The same of the reader's own."""
        return self._at(view=MINE, assignee="", column="")

    @property
    def all_mine(self) -> str:
        """All of the reader's own in a list."""
        return self._at(view=LIST, assignee=ME)

    @property
    def everything(self) -> str:
        """The same view with nothing left out."""
        return reverse("tasks") + (f"?view={self.view}" if self.view != BOARD else "")

    def column_list(self, column: int) -> str:
        """Return where all of one column stand."""
        return self._at(view=LIST, column=str(column))
