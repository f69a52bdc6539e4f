"""Fixtures of this room's tests."""

import time
from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.utils import timezone

from yanzhen.kernel import clock
from yanzhen.people.tests.cast import PASSWORD, make_cast
from yanzhen.signin.fresh import FRESH_FOR, PROVED_AT
from yanzhen.signin.tests.phone import Phone


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    """Rate limits live in the cache, which no transaction rolls back for transactional tests."""
    cache.clear()


@pytest.fixture(autouse=True)
def _held_clock(request):
    """Codes change every 30 seconds; a slow machine must not see that.

    A server in a thread has its own time.
    """
    if request.node.get_closest_marker("e2e"):
        yield
        return
    with clock.set_to(datetime.now(UTC)):
        yield


@pytest.fixture
def enter(client):
    """Give the password of a member; whether that is enough is theirs to see."""

    def give(member, **more):
        return client.post("/sign-in/", {"email": member.user.email, "password": PASSWORD, **more})

    return give


@pytest.fixture
def phone():
    """Set an authenticator app up for a member, a minute ago by its own clock."""

    def with_app(member):
        made = Phone()
        made.set_up(member.user)
        return made

    return with_app


@pytest.fixture
def stale(client):
    """Let the sign-in of the client be as old as no proof lasts."""

    def age():
        session = client.session
        session[PROVED_AT] = int(time.time()) - 24 * 3600
        session.save()
        long_ago = timezone.now() - 2 * FRESH_FOR
        UserSession.objects.filter(session_key=session.session_key).update(created_at=long_ago)

    return age
