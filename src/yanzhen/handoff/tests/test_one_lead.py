"""Whatever is called in whatever order, exactly one member has the lead, and one who can act."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yanzhen.activity.feed import events, verify
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.tests.duties import make_layer
from yanzhen.handoff.actions.checks import AlreadyOpen, Incomplete, LogChanged, Unread
from yanzhen.handoff.actions.deciding import accept_handover, refuse_handover
from yanzhen.handoff.actions.filling import mark_done
from yanzhen.handoff.actions.keeping import keep_workspace
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover, withdraw_handover
from yanzhen.handoff.actions.taking import take_lead
from yanzhen.handoff.models import Handover
from yanzhen.handoff.tests.shifts import again, lead_with
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.actions.workspaces import NotAccepted, set_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, make_cast

WHO = ("zhou", "maya", "lin", "lena", "admin", "wu")
REFUSALS = (
    AlreadyOpen,
    ChangedMeanwhile,
    Incomplete,
    LastHolder,
    LogChanged,
    Member.DoesNotExist,
    MoveRefused,
    NotAccepted,
    NotAllowed,
    Unread,
    ValueError,
)
CALLS = st.tuples(
    st.sampled_from(
        (
            "open",
            "send",
            "accept",
            "accept",
            "refuse",
            "withdraw",
            "take",
            "set",
            "leave",
            "return",
            "keep",
            "done",
        )
    ),
    st.sampled_from(WHO),
    st.sampled_from(WHO),
    st.integers(1, 300),
)


class Team:
    """One workspace and its clock; every call is tried, refused or not."""

    def __init__(self, cast):
        self.cast, self.now = cast, NOW

    @property
    def workspace(self):
        return Workspace.objects.get(pk=self.cast.workspace.pk)

    def last(self):
        return Handover.objects.filter(workspace=self.cast.workspace).order_by("-pk").first()

    def who(self, name):
        return again(getattr(self.cast, name))

    def call(self, verb, by, to, wait):
        self.now += timedelta(minutes=wait)
        try:
            getattr(self, f"do_{verb}")(self.who(by), self.who(to))
        except REFUSALS:
            return

    def do_open(self, by, to):
        open_handover(self.workspace, to=to, due_at=self.now, by=by, now=self.now)

    def do_send(self, by, _to):
        if last := self.last():
            send_handover(last, by=by, now=self.now)

    def do_accept(self, by, _to):
        if last := self.last():
            ticked = last.items.values_list("pk", flat=True)
            accept_handover(
                last, ticked=ticked, read_back="Yes", seen=last.revision, by=by, now=self.now
            )

    def do_refuse(self, by, _to):
        if last := self.last():
            refuse_handover(last, reason="No", by=by, now=self.now)

    def do_withdraw(self, by, _to):
        if last := self.last():
            withdraw_handover(last, by=by, now=self.now)

    def do_take(self, by, _to):
        take_lead(self.workspace, by=by, now=self.now)

    def do_set(self, by, to):
        workspace = self.workspace
        seen = workspace.revision
        set_lead(workspace, member=to, until=None, seen=seen, by=by, now=self.now)

    def do_leave(self, by, to):
        deactivate_member(to, seen=to.revision, by=by, now=self.now)

    def do_return(self, by, to):
        reactivate_member(to, seen=to.revision, by=by, now=self.now)

    def do_keep(self, _by, _to):
        keep_workspace(self.workspace, now=self.now)

    def do_done(self, by, _to):
        if (last := self.last()) and (item := last.items.first()):
            mark_done(item, done=True, by=by, now=self.now)


@pytest.mark.django_db
@settings(
    max_examples=10,
    deadline=None,
    # Without explaining, which traces every line of every call.
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(calls=st.lists(CALLS, min_size=4, max_size=10))
def test_exactly_one_who_can_act_has_the_lead_whatever_is_called(calls):
    with transaction.atomic():
        cast = make_cast()
        rota = open_rota(cast.workspace, by=cast.lin, now=NOW)
        make_layer(rota, cast.lin, [cast.zhou, cast.maya, cast.lena], change=Change.DAY)
        lead_with(cast, cast.lin)
        team = Team(cast)
        for call in calls:
            before, accepted = team.workspace.lead_id, _accepted(cast)
            team.call(*call)
            lead = team.workspace.lead
            assert lead is not None
            assert lead.workspace_id == cast.workspace.pk
            assert lead.active
            if lead.pk != before and call[0] not in ("take", "set", "leave"):
                assert _accepted(cast) == accepted + 1
            open_ones = Handover.objects.filter(workspace=cast.workspace).open()
            assert open_ones.count() <= 1
            assert not open_ones.filter(receiver=lead).exists()
        _stamps_follow_the_moves(cast)
        assert list(verify(cast.workspace.pk)) == []
        transaction.set_rollback(True)


def _accepted(cast):
    return Handover.objects.filter(workspace=cast.workspace, state="accepted").count()


def _stamps_follow_the_moves(cast):
    """Each event names whoever was given the lead by the last move up to it."""
    lead = ""
    for event in events().objects.in_workspace(cast.workspace.pk).order_by("number"):
        if event.kind in ("people.lead_set", "people.lead_taken"):
            lead = event.subject_label
        assert event.lead_name == lead
