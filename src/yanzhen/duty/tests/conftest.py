"""Fixtures of this room's tests."""

import importlib.util

import pytest
from django.db import connection

from yanzhen.duty import guards
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.people.tests.cast import NOW, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def rota(cast):
    return open_rota(cast.workspace, by=cast.lin, now=NOW)


@pytest.fixture
def every_guard(db):
    """Put back the trigger that the test run set aside; the test's transaction takes it away."""
    spec = importlib.util.find_spec("yanzhen.duty.guards")
    whole = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(whole)
    assert len(whole.RULES) == len(guards.RULES) + 1
    whole.install(connection)
