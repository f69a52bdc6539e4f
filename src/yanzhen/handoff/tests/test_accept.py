"""Handing over: written, sent, accepted or refused; the lead moves with the yes alone."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from yanzhen.activity.feed import events
from yanzhen.handoff.actions.checks import AlreadyOpen, Incomplete, LogChanged, Unread
from yanzhen.handoff.actions.deciding import accept_handover, refuse_handover
from yanzhen.handoff.actions.filling import Point, add_item, mark_done, say_nothing
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover, withdraw_handover
from yanzhen.handoff.actions.taking import take_lead
from yanzhen.handoff.models import Handover, Item
from yanzhen.handoff.queries import barred_from, coordinators_of
from yanzhen.handoff.tests.shifts import (
    HOUR,
    accepted,
    again,
    begun,
    kinds,
    lead_with,
    leader,
    minutes,
    points,
    section,
    sent,
)
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify.models import Notice
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


def accept(handover, by, **other):
    said = {"ticked": [item.pk for item in points(handover)], "read_back": "Yes"}
    said |= {"seen": handover.revision, **other}
    return accept_handover(handover, **said, by=again(by), now=HOUR)


def test_accept_moves_the_lead_and_stamps_what_follows(cast):
    handover = sent(cast)
    assert leader(cast) == cast.lena
    assert Notice.objects.get(kind="handoff.sent").member == cast.zhou
    done = accepted(handover, cast.zhou)
    assert leader(cast) == cast.zhou
    assert (done.decided_by, done.read_back) == (cast.zhou, "Press first")
    assert points(done)[0].ticked_at == HOUR
    log = events().objects.in_workspace(cast.workspace.pk).order_by("-number")[:2]
    assert [(e.kind, e.lead_name) for e in log] == [
        ("people.lead_taken", "Zhou"),
        ("handoff.accepted", "Lena"),
    ]
    assert Notice.objects.get(kind="handoff.accepted").member == cast.lena
    begun(cast, to=cast.maya, by=cast.zhou)
    assert events().objects.latest("id").lead_name == "Zhou"


def test_accept_wants_every_point_ticked_a_line_and_the_log_as_it_was_read(cast):
    handover = sent(cast, "Call the press", "Watch the thread")
    with pytest.raises(Unread) as unread:
        accept(handover, cast.zhou, ticked=[points(handover)[0].pk])
    assert [item.text for item in unread.value.items] == ["Watch the thread"]
    with pytest.raises(Unread):
        accept(handover, cast.zhou, read_back="  ")
    add_item(handover, section(cast, "watch"), point=Point("One more"), by=again(cast.lena))
    with pytest.raises(LogChanged):
        accept(handover, cast.zhou)
    assert leader(cast) == cast.lena


@pytest.mark.parametrize("who", ["maya", "lena", "wu"])
def test_accept_by_somebody_it_is_not_for_is_refused(cast, who):
    handover = sent(cast)
    with pytest.raises(NotAllowed):
        accept(handover, getattr(cast, who))
    assert leader(cast) == cast.lena


@pytest.mark.parametrize("giver", ["lena", "lin"])
def test_right_to_say_who_leads_is_not_used_on_the_log_of_who_lent_it(cast, giver):
    lender, taker = getattr(cast, giver), cast.maya
    lend = {"decisions": [Decision.LEAD_SET], "ends_at": HOUR + timedelta(days=1)}
    delegate(again(lender), receiver=taker, **lend, by=again(lender), now=NOW)
    handover = sent(cast)
    with set_to(HOUR):
        if giver == "lin":  # lent by somebody else: two people still
            assert accept(handover, taker).decided_by == taker
            return
        for use in (
            lambda: accept(handover, taker),
            lambda: refuse_handover(handover, reason="No", by=again(taker), now=HOUR),
            lambda: take_lead(cast.workspace, by=again(taker), now=HOUR),
            lambda: set_lead(
                cast.workspace, member=taker, until=None, seen=1, by=again(taker), now=HOUR
            ),
        ):
            with pytest.raises(NotAllowed) as refused:
                use()
            assert refused.value.reason == "lent_own"
        assert taker not in coordinators_of(cast.workspace, barred=barred_from(handover))
    assert leader(cast) == cast.lena


def test_refuse_leaves_the_lead_and_brings_the_log_back(cast):
    handover = sent(cast, "Call the press")
    with pytest.raises(ValueError, match="reason"):
        refuse_handover(handover, reason=" ", by=again(cast.zhou), now=HOUR)
    mended = refuse_handover(handover, reason="Which press?", by=again(cast.zhou), now=HOUR)
    assert leader(cast) == cast.lena
    assert Notice.objects.get(kind="handoff.refused").member == cast.lena
    assert (mended.state, mended.receiver, mended.due_at) == ("draft", cast.zhou, minutes(30))
    [item] = points(mended)
    assert (item.text, item.carried) == ("Call the press", 0)
    with pytest.raises(MoveRefused):
        refuse_handover(handover, reason="Again", by=again(cast.zhou), now=HOUR)


def test_points_are_carried_counted_and_flagged_until_they_are_done(cast):
    people = [cast.zhou, cast.maya, cast.zhou, cast.maya]
    handover = sent(cast, "Call the press", "Thank Ana")
    accepted(handover, cast.zhou)
    mark_done(points(handover)[1], done=True, by=again(cast.zhou), now=HOUR)
    for place, (giver, taker) in enumerate(pairwise(people), start=1):
        opened = open_handover(
            cast.workspace, to=taker, due_at=HOUR, by=again(giver), now=minutes(place)
        )
        [item] = points(opened)
        assert (item.carried, item.flagged) == (place, place >= 3)
        send_handover(opened, by=again(giver), now=minutes(place))
        accepted(opened, taker, now=minutes(place))


def test_send_wants_the_required_sections_or_a_word_that_there_is_nothing(cast):
    handover = begun(cast)
    with pytest.raises(Incomplete) as lacking:
        send_handover(handover, by=again(cast.lena), now=NOW)
    assert lacking.value.sections == [section(cast)]
    say_nothing(handover, section(cast), nothing=True, by=again(cast.lena))
    assert send_handover(handover, by=again(cast.lena), now=NOW).state == "waiting"


def test_begin_a_second_or_to_whoever_leads_is_refused(cast):
    handover = begun(cast)
    with pytest.raises(AlreadyOpen) as found:
        begun(cast, to=cast.maya)
    assert found.value.handover == handover
    withdraw_handover(handover, by=again(cast.lena), now=NOW)
    with pytest.raises(ValueError, match="who has it"):
        begun(cast, to=cast.lena)
    with pytest.raises(NotAllowed):
        begun(cast, to=cast.maya, by=cast.zhou)
    assert leader(cast) == cast.lena


def test_take_lead_overtakes_an_open_handover(cast):
    handover = sent(cast)
    with pytest.raises(NotAllowed):
        take_lead(cast.workspace, by=again(cast.maya), now=HOUR)
    assert take_lead(cast.workspace, by=again(cast.lin), now=HOUR)
    assert leader(cast) == cast.lin
    assert Handover.objects.get(pk=handover.pk).state == "overtaken"
    assert kinds(cast)[-1] == "overtaken"
    with pytest.raises(MoveRefused):
        accept(handover, cast.zhou)
    assert not take_lead(cast.workspace, by=again(cast.lin), now=HOUR)


def test_who_leaves_in_the_instant_of_deciding_is_refused(cast):
    handover = sent(cast)
    lin = again(cast.lin)
    deactivate_member(again(cast.lin), seen=lin.revision, by=again(cast.admin), now=HOUR)
    said = {"ticked": [item.pk for item in points(handover)], "read_back": "Yes"}
    with pytest.raises(NotAllowed):
        accept_handover(handover, **said, seen=handover.revision, by=lin, now=HOUR)
    with pytest.raises(NotAllowed):
        refuse_handover(handover, reason="Late", by=lin, now=HOUR)
    assert leader(cast) == cast.lena


def test_points_of_others_and_of_settled_logs_stay_as_they_are(cast):
    handover = sent(cast)
    with pytest.raises(NotAllowed):
        add_item(handover, section(cast), point=Point("Mine"), by=again(cast.zhou))
    accepted(handover, cast.zhou)
    with pytest.raises(MoveRefused):
        add_item(handover, section(cast), point=Point("Late"), by=again(cast.lena))
    assert Item.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_do_not_both_get_the_lead():
    cast = make_cast()
    lead_with(cast, cast.lena)
    handover = sent(cast)
    start, lost, won = threading.Barrier(2), [], []

    def try_to_accept(member):
        try:
            fresh = Handover.objects.get(pk=handover.pk)
            by, ticked = again(member), [item.pk for item in points(fresh)]
            start.wait()
            accept_handover(
                fresh,
                ticked=ticked,
                read_back=member.name,
                seen=fresh.revision,
                by=by,
                now=HOUR + timedelta(minutes=1),
            )
            won.append(by)
        except MoveRefused as refusal:
            lost.append(refusal.found)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_accept, args=[m]) for m in (cast.zhou, cast.lin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == ["accepted"]
    assert [leader(cast)] == won
    assert Handover.objects.get(pk=handover.pk).decided_by == won[0]
