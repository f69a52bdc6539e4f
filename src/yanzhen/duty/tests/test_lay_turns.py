"""The turns: laid from now on, never two at once, the past for good."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from yanzhen.duty.actions.checks import NotQualified, PastDay
from yanzhen.duty.actions.hours import BadHours
from yanzhen.duty.actions.layers import NoOrder, end_layer
from yanzhen.duty.actions.laying import HORIZON
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.rotas import open_rota, set_rota
from yanzhen.duty.actions.sites import Day, add_site, set_holidays
from yanzhen.duty.models import Place, Rota, Turn
from yanzhen.duty.queries import gaps_of, loads_of, on_duty
from yanzhen.duty.queries_strain import Strain, strains_of
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import kinds, make_layer, plan, utc
from yanzhen.kernel.wall_time import UnknownZone
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join

pytestmark = pytest.mark.django_db


def test_add_layer_lays_twelve_weeks_from_now(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    turns = Turn.objects.filter(rota=rota).order_by("start_at")
    assert turns[0].start_at == NOW
    assert turns.last().end_at == NOW + HORIZON
    assert plan(rota, NOW, utc(3, 22)) == [
        ("Zhou", NOW, utc(3, 9)),
        ("Maya", utc(3, 9), utc(3, 16)),
        ("Zhou", utc(3, 16), utc(3, 23)),
    ]


def test_on_duty_names_primary_and_backup_of_a_moment(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    make_layer(rota, cast.lin, [cast.lena], place=Place.BACKUP)
    found = on_duty(cast.workspace, at=utc(3, 10))
    assert (found.primary, found.backup) == (cast.maya, cast.lena)
    nobody = on_duty(cast.workspace, at=NOW - timedelta(seconds=1))
    assert (nobody.primary, nobody.backup) == (None, None)
    assert on_duty(cast.wu.workspace, at=utc(3, 10)).primary is None


def test_on_duty_at_the_moment_of_change_is_the_next(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    assert on_duty(cast.workspace, at=utc(3, 9)).primary == cast.maya


def test_end_layer_leaves_what_was_and_a_new_layer_follows(rota, cast):
    layer = make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    later = utc(3, 11, 12)
    end_layer(layer, last_date=date(2026, 3, 11), by=cast.lin, now=later)
    assert plan(rota, NOW, utc(5, 1)) == [
        ("Zhou", NOW, utc(3, 9)),
        ("Maya", utc(3, 9), utc(3, 12)),
    ]
    with pytest.raises(PastDay):
        end_layer(layer, last_date=date(2026, 3, 20), by=cast.lin, now=utc(3, 13))


def test_two_primaries_at_one_moment_are_refused_by_the_database(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    turn = Turn.objects.filter(rota=rota, start_at=utc(3, 9)).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(
            rota=rota,
            place=Place.PRIMARY,
            member=cast.lena,
            start_at=utc(3, 10),
            end_at=utc(3, 11),
            why="override",
            source=1,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(start_at=utc(3, 8))


@pytest.mark.parametrize(
    "change",
    [
        lambda turn: Turn.objects.filter(pk=turn.pk).delete(),
        lambda turn: Turn.objects.filter(pk=turn.pk).update(member=turn.other),
        lambda turn: Turn.objects.filter(pk=turn.pk).update(end_at=utc(3, 8)),
        lambda turn: Turn.objects.filter(rota=turn.rota, start_at=utc(3, 16)).update(
            start_at=utc(2, 16), end_at=utc(2, 17)
        ),
        lambda turn: Rota.objects.filter(pk=turn.rota_id).update(settled_at=NOW),
    ],
    ids=["delete", "another member", "another end", "moved into the past", "mark back"],
)
def test_the_past_is_refused_to_whoever_writes_sql(rota, cast, change, every_guard):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    set_rota(rota, role=None, always=False, by=cast.lin, now=utc(3, 12))
    turn = Turn.objects.filter(rota=rota, start_at=NOW).get()
    turn.other = cast.lena
    with pytest.raises(IntegrityError), transaction.atomic():
        change(turn)


def test_whatever_changes_later_the_past_is_laid_as_it_was(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya, cast.lena], change=Change.DAY)
    before = plan(rota, NOW, utc(3, 8))
    at = utc(3, 8)
    maya = Member.objects.get(pk=cast.maya.pk)
    deactivate_member(maya, seen=maya.revision, by=cast.admin, now=at)
    assert plan(rota, NOW, at) == before
    ahead = [name for name, *_ in plan(rota, at, utc(3, 14))]
    assert ahead[0] == "Zhou"
    assert ahead == ["Zhou", "Lena"] * 3
    # Laid anew days later, the order goes on from what really was.
    set_rota(rota, role=None, always=True, by=cast.lin, now=utc(3, 11, 12))
    names = [name for name, *_ in plan(rota, utc(3, 8), utc(3, 14))]
    assert names == ["Zhou", "Lena"] * 3


def test_edge_11_somebody_who_leaves_mid_shift_is_followed_at_once_and_told_of(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    at = utc(3, 4, 15)
    zhou = Member.objects.get(pk=cast.zhou.pk)
    deactivate_member(zhou, seen=zhou.revision, by=cast.admin, now=at)
    assert on_duty(cast.workspace, at=at - timedelta(seconds=1)).primary == cast.zhou
    assert on_duty(cast.workspace, at=at).primary == cast.maya
    zhou = Member.objects.get(pk=cast.zhou.pk)
    reactivate_member(zhou, seen=zhou.revision, by=cast.admin, now=utc(3, 5))
    assert on_duty(cast.workspace, at=utc(3, 5)).primary == cast.zhou


def test_set_rota_asks_for_a_role_and_who_lacks_it_is_not_laid(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    creators = cast.zhou.primary_role
    set_rota(rota, role=creators, always=True, by=cast.lin, now=NOW)
    assert {name for name, *_ in plan(rota, NOW, utc(5, 1))} == {"Zhou"}
    with pytest.raises(NotQualified):
        make_layer(rota, cast.lin, [cast.maya])


def test_gaps_are_the_hours_nobody_has(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    day = Span(utc(3, 3), utc(3, 4))
    assert gaps_of(rota, day) == [
        Span(utc(3, 3), utc(3, 3, 6)),
        Span(utc(3, 3, 22), utc(3, 4)),
    ]
    office = set_rota(rota, role=None, always=False, by=cast.lin, now=NOW)
    assert gaps_of(office, day) == []


def test_add_layer_refuses_what_makes_no_sense(rota, cast):
    for wish, error in [
        ({"zone": "Mars/Base"}, UnknownZone),
        ({"hours": []}, BadHours),
        ({"hours": [("09:00", "12:00"), ("11:00", "13:00")]}, BadHours),
        ({"hours": [("22:00", "06:00"), ("05:00", "07:00")]}, BadHours),
        ({"hours": [("nine", "five")]}, BadHours),
        ({"weekdays": frozenset({8})}, BadHours),
        ({"every": 0}, BadHours),
        ({"hand_over": 8}, BadHours),
        ({"first_date": date(2026, 3, 1)}, PastDay),
        ({"last_date": date(2026, 3, 1)}, PastDay),
    ]:
        with pytest.raises(error), transaction.atomic():
            make_layer(rota, cast.lin, [cast.zhou], **wish)
    for order, error in [
        ([], NoOrder),
        ([cast.zhou, cast.zhou], NoOrder),
        ([cast.wu], NotQualified),
    ]:
        with pytest.raises(error), transaction.atomic():
            make_layer(rota, cast.lin, order)
    assert not Turn.objects.exists()


def test_who_does_not_set_the_lead_changes_no_rota(rota, cast):
    for by in (cast.zhou, cast.wu):
        with pytest.raises(NotAllowed):
            make_layer(rota, by, [cast.zhou])
        with pytest.raises(NotAllowed):
            open_rota(cast.workspace, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            set_rota(rota, role=None, always=True, by=by, now=NOW)


def test_a_workspace_has_one_rota(rota, cast):
    assert open_rota(cast.workspace, by=cast.lena, now=utc(3, 5)) == rota
    assert kinds(rota) == ["rota_opened"]


def test_holidays_of_a_place_are_kept_and_counted(rota, cast):
    berlin = add_site(
        cast.workspace,
        name="Berlin",
        zone="Europe/Berlin",
        hours=[("09:00", "18:00")],
        weekdays=range(1, 6),
        by=cast.lin,
        now=NOW,
    )
    make_layer(
        rota,
        cast.lin,
        [cast.lena],
        zone="Europe/Berlin",
        hours=[("09:00", "18:00")],
        weekdays=frozenset({5, 6}),
        holidays_of=berlin,
    )
    friday, saturday = date(2026, 4, 3), date(2026, 4, 4)
    days = [Day(friday, "Good Friday"), Day(date(2026, 4, 9), made_up=True), Day(saturday)]
    set_holidays(berlin, days=days, by=cast.lin, now=NOW)
    laid = [start.date() for _, start, _ in plan(rota, utc(4, 1), utc(4, 11))]
    assert laid == [date(2026, 4, 9), date(2026, 4, 10)]
    override_duty(
        rota,
        member=cast.lena,
        span=Span(utc(4, 3, 10), utc(4, 3, 12)),
        reason="Launch",
        by=cast.lin,
        now=NOW,
    )
    loads = {m.name: load for m, load in loads_of(rota, Span(utc(4, 1), utc(4, 11)))}
    assert (loads["Lena"].hours, loads["Lena"].holidays, loads["Lin"].hours) == (20, 2, 0)
    with pytest.raises(PastDay):
        set_holidays(berlin, days=[Day(date(2026, 3, 2))], by=cast.lin, now=NOW)


def test_edge_09_11_strains_are_double_duty_little_rest_and_many_nights(rota, cast):
    make_layer(rota, cast.lin, [cast.lena], hours=[("22:00", "06:00"), ("12:00", "16:00")])
    make_layer(rota, cast.lin, [cast.lena], place=Place.BACKUP, hours=[("15:00", "17:00")])
    lena_there = join(cast.wu.workspace, cast.lena.user, "creator")
    there = open_rota(cast.wu.workspace, by=cast.wu, now=NOW)
    make_layer(there, cast.wu, [lena_there], hours=[("05:00", "07:00")])
    found = strains_of(rota, Span(utc(3, 3), utc(3, 3, 23)))
    lena = cast.lena.pk
    assert found == [
        Strain("double", lena, utc(3, 3, 5)),
        Strain("rest", lena, utc(3, 3, 6)),
        Strain("double", lena, utc(3, 3, 15)),
        Strain("rest", lena, utc(3, 3, 16)),
    ]
    week = strains_of(rota, Span(utc(3, 2, 12), utc(3, 9)))
    assert [s for s in week if s.kind == "nights"] == [Strain("nights", lena, utc(3, 1, 23))]
