"""The theatre: the engine wired to a stage, and the posts every seed starts from."""

from __future__ import annotations

import logging
import sys
import types

import pytest
from django.db import connection

from yanzhen.publishing.tests.simulation.remote import RemoteX
from yanzhen.publishing.tests.simulation.runs import Theatre
from yanzhen.publishing.tests.simulation.team import make_team
from yanzhen.publishing.tests.simulation.world import Stage, World

#: Nothing goes wrong while the team is made.
QUIET = {
    "crash": 0,
    "pause": 0,
    "database_away": 0,
    "trouble": 0,
    "lag": 0,
    "lookup_fails": 0,
    "wakes_at": (),
}


@pytest.fixture
def theatre(db, settings, monkeypatch, tmp_path):
    """Plays seeds; see runs.Theatre."""
    stage, x = Stage(), RemoteX()
    module = types.ModuleType("simulated_adapters")
    module.PLATFORMS = {"x": x}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.YANZHEN_ADAPTERS = module.__name__
    settings.DATA = tmp_path
    (tmp_path / "keys").mkdir()
    stage.world = World(0, QUIET)
    x.open_for(stage.world, 0, QUIET)
    x.healthy = True
    stage.wire(monkeypatch)
    team = make_team(x)
    # Thousands of refused moves are no news here; a trace tells all of it.
    logging.disable(logging.CRITICAL)
    with connection.execute_wrapper(stage.on_statement):
        yield Theatre(stage, x, team)
    logging.disable(logging.NOTSET)
