"""P11 where the lead looks last: X gets the bytes that who had the lead looked at, or nothing.

The same team in the same disorder, with a notebook of what was let go beside what was passed. A
look may also be taken back in the moment between a claim's reading and its writing.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from yanzhen.people.models import Workspace
from yanzhen.publishing.actions.clearing import CannotClear, clear, take_back
from yanzhen.publishing.engine import gates, intent
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.simulation.test_approved_bytes import EVERYBODY, Desk
from yanzhen.publishing.tests.sizes import size
from yanzhen.review.models import Flow

POSTS = st.integers(0, 9)
#: What becomes of the look at a post that comes due; the last is taken back as it is claimed.
FATES = st.sampled_from(("given", "given", "missing", "back", "snatched"))


class LookingDesk(Desk):
    """A team whose lead looks once more. ``looked`` holds the words of each delivery let go."""

    def __init__(self) -> None:
        super().__init__()
        self.looked: dict[int, str] = {}
        self.snatch: int | None = None
        self.snatched: set[int] = set()
        self.world.point = self.at_point

    @initialize(fate=FATES)
    def begin(self, fate) -> None:
        """One post has come due, with a look or without, before anything else happens."""
        super().begin()
        Flow.objects.update(look_minutes=15)
        self.hand_over("lin")
        self.come_due(0, fate)

    # --- what the engine does ---

    def at_point(self, name: str) -> None:
        """Stand in the claim: before it writes, where a look may be taken back, and behind it."""
        if name == "claiming" and self.snatch is not None:
            post, self.snatch = self.snatch, None
            self.snatched = set(self._take_back(post, self._who_leads()))
        elif name == "claimed":
            held = Delivery.objects.filter(state=S.CLAIMED).values_list("pk", "text")
            for pk, text in held:
                if pk not in self.looked and pk not in self.snatched:
                    self.wrong.append(f"{text!r} was claimed and nobody looked at it")
            self.snatched = set()

    def bytes_arrived(self, account: str, post, _reposts: str) -> None:
        super().bytes_arrived(account, post, _reposts)
        going = Delivery.objects.filter(state=S.SENDING, text=post.text).values_list("pk", "text")
        if not dict(going).items() <= self.looked.items():
            self.wrong.append(f"{post.text!r} went out on {account} and nobody looked at it")

    # --- the notebook ---

    def _who_leads(self) -> str:
        lead = Workspace.objects.values_list("lead", flat=True).get(pk=self.cast.workspace.pk)
        return next(name for name in EVERYBODY if getattr(self.cast, name).pk == lead)

    def _note_look(self, post, by: str) -> None:
        """Write down what may go out now. Only who leads and did not write it may look."""
        assert self._who_leads() == by
        assert by not in self.notes[post.pk].writers
        rows = Delivery.objects.live().filter(post=post)
        self.looked |= dict(rows.values_list("pk", "text"))

    def _take_back(self, post: int, by: str) -> list[int]:
        """Take back the look at what is not out of a post; return what it was of."""
        delivery = Delivery.objects.live().filter(post=post, position=0).first()
        if delivery is None:
            return []
        try:
            take_back(delivery, by=self.who(by), now=self.now)
        except CannotClear as refused:
            self.total[f"take back refused ({refused.why})"] += 1
            return []
        self.total["take back"] += 1
        unsent = Delivery.objects.filter(post=post).exclude(state=S.PUBLISHED)
        return [pk for pk in unsent.values_list("pk", flat=True) if self.looked.pop(pk, None)]

    # --- what people do ---

    @precondition(lambda self: self.notes)
    @rule(n=POSTS, by=st.sampled_from(EVERYBODY))
    def look(self, n, by):
        post = self.which(n, stale=False)
        delivery = Delivery.objects.live().filter(post=post).order_by("position").first()
        if delivery is None:
            return
        try:
            clear(delivery, seen=delivery.digest, by=self.who(by), now=self.now)
        except CannotClear as refused:
            self.total[f"look refused ({refused.why})"] += 1
            return
        self.total["look"] += 1
        self._note_look(post, by)

    @precondition(lambda self: self.notes)
    @rule(n=POSTS, fate=FATES)
    def come_due(self, n, fate):
        """As most posts go, so that enough of them get anywhere."""
        self.go_the_usual_way(n, schedule=True)
        if fate != "missing":
            self.look(n, self._who_leads())
        if fate == "back":
            self.take_look_back(n, self._who_leads())
        if fate == "snatched":
            self.snatch = self.which(n, stale=False).pk
        self.wait(61)

    @precondition(lambda self: self.notes)
    @rule(n=POSTS, by=st.sampled_from(("lin", "lena")))
    def take_look_back(self, n, by):
        self._take_back(self.which(n, stale=False).pk, by)

    @precondition(lambda self: self.notes)
    @rule(n=POSTS, hurry=st.booleans())
    def hold_or_hurry(self, n, hurry):
        before = self.total["hurry"]
        post = self.which(n, stale=False)
        super().hold_or_hurry(n, hurry)
        own = "lena" in self.notes[post.pk].writers
        if self.total["hurry"] > before and self._who_leads() == "lena" and not own:
            self._note_look(post, "lena")


def play(theatre, examples: int, **how: object) -> Counter[str]:
    LookingDesk.theatre, LookingDesk.total = theatre, Counter()
    asked = settings(
        max_examples=examples,
        stateful_step_count=8,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        **how,
    )
    run_state_machine_as_test(LookingDesk, settings=asked)
    return LookingDesk.total


@pytest.mark.slow
def test_any_order_of_doings_sends_what_the_lead_looked_at_or_nothing(theatre):
    total = play(theatre, size(8, 500))
    assert min(total["published"], total["look"], total["take back"]) > 0


def _asks_nothing(_delivery) -> None:
    """Stand in for the intent's look."""


#: Where the look is asked for, what stands there instead, and what the notebook says then.
MUTANTS = {
    "claim": (gates, "sendable", gates.passable, "was claimed and nobody looked at it"),
    "intent": (intent, "_check_look", _asks_nothing, "went out on .* and nobody looked at it"),
}


@pytest.mark.slow
@pytest.mark.parametrize("where", MUTANTS)
def test_engine_that_asks_only_once_is_caught(theatre, monkeypatch, where):
    module, name, instead, seen = MUTANTS[where]
    monkeypatch.setattr(module, name, instead)
    with pytest.raises(AssertionError, match=seen):
        play(theatre, 20, phases=[Phase.generate], report_multiple_bugs=False)
