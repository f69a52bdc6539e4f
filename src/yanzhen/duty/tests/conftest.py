"""Fixtures of this room's tests."""

import importlib.util

import pytest
from django.db import connection
from django.urls import reverse

from yanzhen.duty import guards
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.tests.duties import make_layer
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def rota(cast):
    return open_rota(cast.workspace, by=cast.lin, now=NOW)


@pytest.fixture
def then():
    """Hold the clock at the cast's moment."""
    with set_to(NOW):
        yield


@pytest.fixture
def weeks(rota, cast):
    """Zhou and Maya take the weeks in turn."""
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    return rota


@pytest.fixture
def ask(client, then):
    """Ask as a member: ask(who, page, *args, **sends); with sends it is a POST."""

    def asked(who, page, /, *args, query="", **sends):
        client.force_login(who.user)
        address = reverse(page, args=args) + query
        answer = client.post(address, sends) if sends else client.get(address)
        answer.text = answer.content.decode()
        return answer

    return asked


@pytest.fixture
def every_guard(db):
    """Put back the trigger that the test run set aside; the test's transaction takes it away."""
    spec = importlib.util.find_spec("yanzhen.duty.guards")
    whole = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(whole)
    assert len(whole.RULES) == len(guards.RULES) + 1
    whole.install(connection)
