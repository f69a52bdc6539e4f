"""P11: whatever people do in whatever order, X gets the bytes the right people passed, or nothing.

Hypothesis draws the order. The notebook of this test, not the product, knows who wrote, who signed
and who passed which words.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tools.figures import note
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.actions.timing import (
    InThePast,
    drop_post,
    revise_post,
    time_post,
    untime_post,
)
from yanzhen.planning.actions.writing import DraftConflict, create_post, save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.publishing.actions.scheduling import hold_post, publish_now
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState
from yanzhen.publishing.tests.simulation.conftest import QUIET
from yanzhen.publishing.tests.simulation.notebook import Noted
from yanzhen.publishing.tests.simulation.world import World
from yanzhen.publishing.tests.sizes import size
from yanzhen.review.actions.guests import (
    GuestRefused,
    GuestWish,
    InviteRefused,
    LinkClosed,
    decide_as_guest,
    invite_guest,
)
from yanzhen.review.actions.rounds import (
    ReasonMissing,
    pass_step,
    return_step,
    submit_post,
    withdraw_round,
)
from yanzhen.review.models import GuestLink, Round, RoundStep, Step
from yanzhen.review.states import GuestRule, Reason, RoundState, StepKind, StepState, VerdictKind
from yanzhen.review.tests.rounds import all_ticked

NO = (
    MoveRefused,
    NotAllowed,
    DraftConflict,
    InThePast,
    ReasonMissing,
    ChangedMeanwhile,
    LastHolder,
    InviteRefused,
    LinkClosed,
    GuestRefused,
)
WRITERS = ("zhou", "maya", "lin")
EVERYBODY = ("zhou", "maya", "lin", "lena", "admin")


class Desk(RuleBasedStateMachine):
    """A team at work. ``theatre`` is set by the test; each example ends where it began."""

    theatre = None
    total: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.savepoint()
        team, stage, self.x = self.theatre.team, self.theatre.stage, self.theatre.x
        self.world = stage.world = World(0, QUIET)
        self.x.open_for(self.world, 0, QUIET)
        self.x.healthy = True
        self.x.on_bytes = self.bytes_arrived
        self.cast, self.accounts = team.cast, team.accounts
        self.notes: dict[int, Noted] = {}
        self.held: dict[int, Post] = {}
        self.links: list[tuple[int, GuestLink, str]] = []
        self.wrong: list[str] = []
        self.counter = 0

    def teardown(self) -> None:
        for shown in self.x.ledger:
            self.total["published"] += 1
            twins = [s for s in self.x.ledger if s.text == shown.text]
            assert len(twins) == 1, f"twice on X: {shown.text}"
        transaction.savepoint_rollback(self.saved)

    @initialize()
    def begin(self) -> None:
        Step.objects.filter(kind=StepKind.ROLE).update(guests=GuestRule.LAST)
        for account, by in enumerate(("zhou", "maya")):
            self.write(by, account, 1 + account)

    @invariant()
    def nothing_else_reached_x(self) -> None:
        """The engine is at work all the time; what it sends is judged as the bytes arrive."""
        self.world.ms += 700
        reap(self.now)
        for account_id in accounts_due(self.now):
            run_lane(account_id, owner="w")
        reconcile(self.now)
        assert not self.wrong, self.wrong
        assert DeliveryState.SENDING not in Delivery.objects.values_list("state", flat=True)

    def bytes_arrived(self, account: str, post, _reposts: str) -> None:
        mine = [n for n in self.notes.values() if n.words and post.text in n.words]
        if not any(noted.may_go_out for noted in mine):
            self.wrong.append(f"{post.text!r} went out on {account}: {mine}")

    # --- who and what ---

    @property
    def now(self):
        return self.world.now

    def who(self, name: str) -> Member:
        """Return the member as the database has them now, roles included."""
        pk = getattr(self.cast, name).pk
        return Member.objects.with_roles().select_related("workspace").get(pk=pk)

    def which(self, number: int, *, stale: bool) -> Post | None:
        """Return one of the posts: fresh, or as an old page still shows it."""
        if not self.notes:
            return None
        pk = sorted(self.notes)[number % len(self.notes)]
        if not stale or pk not in self.held:
            self.held[pk] = Post.objects.select_related("account").get(pk=pk)
        return self.held[pk]

    def try_to(self, what: str, action) -> bool:
        try:
            with transaction.atomic():
                action()
        except NO as refused:
            self.total[f"{what} refused ({type(refused).__name__})"] += 1
            return False
        self.total[what] += 1
        return True

    # --- what people do ---

    @rule(by=st.sampled_from(WRITERS), account=st.integers(0, 1), segments=st.integers(1, 2))
    def write(self, by, account, segments):
        self.counter += 1
        texts = [f"Goose {self.counter}.{n}" for n in range(segments)]
        post = create_post(
            account=self.accounts[account], by=self.who(by), texts=texts, now=self.now
        )
        self.notes[post.pk] = Noted(by, {by})

    posts = st.integers(0, 9)

    @precondition(lambda self: self.notes)
    @rule(n=posts, by=st.sampled_from(WRITERS), stale=st.booleans())
    def edit(self, n, by, stale):
        post = self.which(n, stale=stale)
        draft = Draft.objects.get(post=post)
        self.counter += 1
        texts = [*draft.texts[:-1], f"Goose {self.counter} edited"]
        if self.try_to(
            "edit",
            lambda: save_draft(
                post, by=self.who(by), texts=texts, revision=draft.revision, now=self.now
            ),
        ):
            self.notes[post.pk].writers.add(by)

    @precondition(lambda self: self.notes)
    @rule(n=posts, stale=st.booleans())
    def submit(self, n, stale):
        post = self.which(n, stale=stale)
        noted = self.notes[post.pk]
        by = self.who(noted.author)
        if self.try_to(
            "submit", lambda: submit_post(post, by=by, ticks=all_ticked(post), now=self.now)
        ):
            noted.words = tuple(Draft.objects.get(post=post).texts)
            noted.passed = []

    def _step(self, n) -> tuple[int, RoundStep] | None:
        post = self.which(n, stale=False)
        step = RoundStep.objects.filter(round__post=post, state=StepState.NOW).first()
        return None if step is None else (post.pk, step)

    @precondition(lambda self: self.notes)
    @rule(n=posts, by=st.sampled_from(EVERYBODY))
    def pass_it(self, n, by):
        found = self._step(n)
        if found is None:
            return
        pk, step = found
        step = RoundStep.objects.select_related("round__post").get(pk=step.pk)
        if self.try_to("pass", lambda: pass_step(step, by=self.who(by), now=self.now)):
            self.notes[pk].passed.append(by)

    @precondition(lambda self: self.notes)
    @rule(n=posts, by=st.sampled_from(EVERYBODY))
    def invite(self, n, by):
        found = self._step(n)
        if found is None:
            return
        pk, step = found
        wish = GuestWish(name=f"Guest {len(self.links)}", step=step)
        who = self.who(by)
        if self.try_to("invite", lambda: invite_guest(step.round, wish=wish, by=who, now=self.now)):
            self.links.append((pk, GuestLink.objects.latest("pk"), by))

    @precondition(lambda self: self.links)
    @rule(n=posts)
    def guest_passes(self, n):
        """By any link there ever was; whoever invited may be the one who opens it."""
        pk, link, by = self.links[-1 - n % len(self.links)]
        seen = link.round.digest
        if self.try_to(
            "guest passes",
            lambda: decide_as_guest(
                link, seen=seen, name=link.name, kind=VerdictKind.PASS, now=self.now
            ),
        ):
            self.notes[pk].passed.append(by)

    @precondition(lambda self: self.notes)
    @rule(n=posts, schedule=st.sampled_from((True, True, False)))
    def go_the_usual_way(self, n, schedule):
        """As most posts do, so that enough of them get anywhere."""
        post = self.which(n, stale=False)
        if post.state in ("draft", "returned"):
            self.submit(n, stale=False)
        self.pass_it(n, "lin")
        self.pass_it(n, "lena")
        if schedule:
            self.schedule(n, 1, stale=False)

    @precondition(lambda self: self.notes)
    @rule(n=posts, by=st.sampled_from(("lin", "lena")))
    def return_it(self, n, by):
        found = self._step(n)
        if found is None:
            return
        pk, step = found
        step = RoundStep.objects.select_related("round__post").get(pk=step.pk)
        reason = Reason.values[0]
        if self.try_to(
            "return",
            lambda: return_step(
                step, by=self.who(by), reason=reason, comment="Again", now=self.now
            ),
        ):
            self.notes[pk].words = None

    @precondition(lambda self: self.notes)
    @rule(n=posts)
    def withdraw(self, n):
        post = self.which(n, stale=False)
        round_ = Round.objects.filter(post=post, state=RoundState.OPEN).first()
        noted = self.notes[post.pk]
        if round_ is not None and self.try_to(
            "withdraw",
            lambda: withdraw_round(round_, by=self.who(noted.author), now=self.now),
        ):
            noted.words = None

    @precondition(lambda self: self.notes)
    @rule(n=posts, minutes=st.integers(0, 4), stale=st.booleans())
    def schedule(self, n, minutes, stale):
        post = self.which(n, stale=stale)
        wall = (self.now + timedelta(minutes=minutes)).astimezone(UTC).replace(tzinfo=None)
        self.try_to(
            "schedule",
            lambda: time_post(post, by=self.who("lin"), wall=wall, zone="UTC", now=self.now),
        )

    @precondition(lambda self: self.notes)
    @rule(n=posts, stale=st.booleans())
    def unschedule(self, n, stale):
        post = self.which(n, stale=stale)
        self.try_to("unschedule", lambda: untime_post(post, by=self.who("lin"), now=self.now))

    @precondition(lambda self: self.notes)
    @rule(n=posts, stale=st.booleans())
    def revise(self, n, stale):
        post = self.which(n, stale=stale)
        if self.try_to("revise", lambda: revise_post(post, by=self.who("zhou"), now=self.now)):
            self.notes[post.pk].words = None

    @precondition(lambda self: self.notes)
    @rule(n=posts, stale=st.booleans())
    def drop(self, n, stale):
        post = self.which(n, stale=stale)
        if self.try_to("drop", lambda: drop_post(post, by=self.who("lin"), now=self.now)):
            self.notes[post.pk].words = None

    @precondition(lambda self: self.notes)
    @rule(n=posts, hurry=st.booleans())
    def hold_or_hurry(self, n, hurry):
        post = self.which(n, stale=False)
        if hurry:
            self.try_to("hurry", lambda: publish_now(post, by=self.who("lena"), now=self.now))
        else:
            self.try_to(
                "hold", lambda: hold_post(post, by=self.who("lin"), reason="Wait", now=self.now)
            )

    @rule(to=st.sampled_from(EVERYBODY))
    def hand_over(self, to):
        """Another member has the lead now; that alone approves nothing."""
        workspace = type(self.cast.workspace).objects.get(pk=self.cast.workspace.pk)
        member = self.who(to)
        self.try_to(
            "hand over",
            lambda: move_lead(workspace, to=member, until=None, by=member.ref, now=self.now),
        )

    @rule(
        who=st.sampled_from(("maya", "zhou")), more=st.sampled_from(("team_lead", "brand_manager"))
    )
    def give_a_role(self, who, more):
        """A writer becomes a decider too: never for what they wrote."""
        member = self.who(who)
        role = Role.objects.get(workspace=self.cast.workspace, slug=more)
        self.try_to(
            "give a role",
            lambda: change_roles(
                member,
                primary=member.primary_role,
                further=[role],
                seen=member.revision,
                by=self.who("admin"),
                now=self.now,
            ),
        )

    @rule(seconds=st.sampled_from((61, 240, 900)))
    def wait(self, seconds):
        self.world.ms += seconds * 1000


@pytest.mark.slow
def test_any_order_of_doings_sends_the_passed_bytes_or_nothing(theatre, request):
    examples, steps = size(20, 1000), 25
    Desk.theatre, Desk.total = theatre, Counter()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Desk, settings=how)
    total = Desk.total
    done = sum(n for what, n in total.items() if "refused" not in what and what != "published")
    refused = sum(n for what, n in total.items() if "refused" in what)
    assert total["published"] > 0
    note(
        "P11",
        request.node.nodeid,
        f"{examples} orders of up to {steps} doings: {done} done, {refused} refused, "
        f"{total['published']} posts on X, 0 with other bytes or people",
    )
