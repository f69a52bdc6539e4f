"""``yanzhen status``: the report, and the exit code that monitoring reads."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import LOOPS
from yanzhen.jobs.worker import run_loop_once
from yanzhen.kernel.tests.other_clock import database_clock_ahead
from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState, Way
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.models import Delivery


def status():
    """Run the command; returns its exit code and its lines."""
    out = StringIO()
    try:
        call_command("status", stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture
def working(desk):
    """A desk on which every loop has just run once."""
    for loop in LOOPS.values():
        run_loop_once(loop, owner="w", now=desk.now)
    return desk


def test_status_when_all_is_well_is_nought(working):
    code, lines = status()
    assert code == 0, lines
    assert all(line.startswith("ok") for line in lines)
    assert len([line for line in lines if " loop " in line]) == len(LOOPS)


def test_status_without_a_worker_is_two(working):
    Lease.objects.filter(name="publishing.publish").update(ok_at=working.now - timedelta(hours=3))
    code, lines = status()
    assert code == 2
    assert "BAD  no worker: last answer 180 min ago; start `yanzhen work`" in lines
    Lease.objects.all().delete()
    code, lines = status()
    assert code == 2
    assert "look loop publishing.watch: has not run yet" in lines


def test_status_of_a_late_post_is_two_and_of_an_excused_one_is_one(working):
    delivery = working.due()
    due = working.now - timedelta(minutes=3)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=due)
    code, lines = status()
    assert code == 2
    assert any(f"late: 1 (unclear), first post {delivery.post_id} on @Ferrow" in x for x in lines)
    freeze(working.account, by=working.cast.zhou, reason="Storm", now=working.now)
    code, lines = status()
    assert code == 1
    assert any(f"frozen: account:{working.account.pk} since" in line for line in lines)


def test_status_of_a_failing_loop_is_one_and_tells_its_error(working):
    Lease.objects.filter(name="activity.outbox").update(last_error="ValueError: no ink")
    code, lines = status()
    assert code == 1
    assert any("no ink" in line for line in lines)


def test_status_of_mails_that_do_not_leave_is_one(working):
    freeze(working.account, by=working.cast.zhou, reason="Storm", now=working.now)
    letter = Letter.objects.get(member=working.cast.lena, way=Way.MAIL)
    Letter.objects.filter(pk=letter.pk).update(tries=1, error="Refused")
    code, lines = status()
    assert code == 1
    assert "look 1 mails or messages have not left yet: Refused" in lines
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.DEAD, settled_at=working.now)
    assert "look 1 mails or messages were given up within a day" in status()[1]


@pytest.mark.parametrize(("seconds", "code"), [(0.2, 0), (3, 1), (-9, 2)])
def test_status_of_clocks_that_differ(working, seconds, code):
    Lease.objects.update(ok_at=working.now + timedelta(seconds=seconds))
    with database_clock_ahead(seconds):
        said, lines = status()
    assert said == code, lines
    assert any(line.split()[1:3] == ["database", "clock:"] for line in lines)


def test_status_without_a_database_says_so(working):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_lease RENAME TO jobs_gone")
    code, lines = status()
    assert code == 2
    assert lines[0].startswith("BAD  the database does not answer:")
