"""How far the database's clock is from this machine's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yanzhen.kernel import clock
from yanzhen.kernel.tests.other_clock import database_clock_ahead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seconds", [-600, -1.5, 7, 3600])
def test_database_ahead_measures_how_far(seconds):
    assert abs(clock.database_ahead().total_seconds()) < 1
    with database_clock_ahead(seconds):
        assert clock.database_ahead().total_seconds() == pytest.approx(seconds, abs=1)
        with clock.set_to(datetime(2026, 3, 2, tzinfo=UTC)):
            assert clock.database_ahead().total_seconds() == pytest.approx(seconds, abs=1)
