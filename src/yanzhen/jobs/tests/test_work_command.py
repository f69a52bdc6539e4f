"""Starting a worker beside a database whose clock is wrong."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yanzhen.jobs.management.commands import work
from yanzhen.jobs.models import Lease
from yanzhen.kernel.tests.other_clock import database_clock_ahead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("seconds", "way"), [(7, "7.0 s ahead of"), (-90, "90.0 s behind")])
def test_work_refuses_to_start_when_the_clocks_are_far_apart(seconds, way):
    with database_clock_ahead(seconds), pytest.raises(CommandError) as refused:
        call_command("work")
    assert way in str(refused.value)
    assert "NTP" in str(refused.value)
    assert not Lease.objects.exists()


def test_work_warns_when_the_clocks_differ_and_is_quiet_when_not():
    command = work.Command(stderr=StringIO())
    command._compare_clocks()
    assert command.stderr.getvalue() == ""
    with database_clock_ahead(2.5):
        command._compare_clocks()
    assert "Warning: The database's clock is 2.5 s ahead of this machine's." in (
        command.stderr.getvalue()
    )
