"""A fault of one row: logged, told in the end, and no reason for the others to wait."""

from __future__ import annotations

import pytest

from yanzhen.jobs.turns import in_turn
from yanzhen.people.models import Workspace


def test_fault_of_one_stops_no_other_and_is_told_in_the_end(caplog):
    teams = [Workspace(pk=number) for number in (1, 2, 3)]
    served = []

    def serve(team: Workspace) -> int:
        served.append(team.pk)
        if team.pk == 1:
            raise ValueError("the first")
        return 1

    with pytest.raises(ValueError, match="the first"):
        in_turn(teams, serve)
    assert served == [1, 2, 3]
    assert "people.Workspace 1 failed in its turn" in caplog.text
    assert in_turn(teams[1:], serve) == 2
