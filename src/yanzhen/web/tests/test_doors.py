"""Every view has a door of ours, and a view without one stays shut."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yanzhen.people.gate import MEMBERS, STRANGERS, USERS, DoorMiddleware, members
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.roles import SEEDS
from yanzhen.web.tests.doors import patterns

PATTERNS = list(patterns())
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def test_walk_finds_the_whole_site():
    assert len(PATTERNS) >= 50
    names = [each.name for each in PATTERNS]
    assert None not in names
    assert len(names) == len(set(names)), "two addresses share a name"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda each: str(each.name))
def test_view_has_a_door_of_ours(pattern: URLPattern):
    view = pattern.callback
    assert view.__module__.startswith("yanzhen."), "a library answers strangers directly"
    door = getattr(view, "door", None)
    assert door is not None, "nobody marked this view"
    assert door in (MEMBERS, STRANGERS, USERS) or isinstance(door, Decision)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda each: str(each.name))
def test_view_says_which_methods_it_takes(pattern: URLPattern):
    """A view that never looks at the method would let a link do what only a button may."""
    closed = pattern.callback(
        RequestFactory().generic("PROPFIND", "/"), **dict.fromkeys(pattern.pattern.converters, 1)
    )
    assert closed.status_code == 405
    assert {method.strip() for method in closed.headers["Allow"].split(",")} <= set(METHODS)


def test_every_decision_is_a_duty_and_some_role_holds_it():
    assert set(DUTIES) == set(Decision)
    held = {decision for seed in SEEDS.values() for decision in seed.decisions}
    assert held == set(Decision)


def test_every_decision_opens_some_door_or_is_asked_inside():
    """A decision nobody ever asks for is a promise without a lock."""
    doors = {getattr(each.callback, "door", None) for each in PATTERNS}
    asked_inside = {Decision.PLAN_THEME, Decision.POST_FAST}
    assert set(Decision) - doors <= asked_inside


def test_view_without_a_door_stays_shut_for_everybody():
    gate = DoorMiddleware(lambda request: HttpResponse("in"))

    def view(request):
        return HttpResponse("in")

    with pytest.raises(RuntimeError, match="has no door"):
        gate.process_view(RequestFactory().get("/"), view, (), {})


def test_door_survives_the_decorators_around_it():
    def view(request):
        return HttpResponse("in")

    assert require_GET(never_cache(members(view))).door == MEMBERS
