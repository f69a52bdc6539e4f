"""Asking for pages of the rota, for this room's tests."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.people.models import Member

#: With those of the sign-in of a test and of the frame around the page.
MOST_OF_THE_ROTA, MOST_OF_SWAPS = 40, 22


def queries_of(ask, *asked, **query) -> int:
    """Return how many queries a page takes once the session knows where it is."""
    ask(*asked, **query)
    with CaptureQueriesContext(connection) as found:
        assert ask(*asked, **query).status_code == 200
    return len(found)


def text_of(answer) -> str:
    """Give the page with single spaces."""
    return " ".join(answer.text.split())


def fresh(member: Member) -> Member:
    """Give a member as a new request would see them."""
    return Member.objects.with_roles().select_related("workspace").get(pk=member.pk)


#: By what a page that says what would be hard is told that it was read.
MARK = re.compile(r'name="accepted" value="(\w+)"')


def all_the_same(ask, *asked, **sends):
    """Press, read what would be hard on somebody, and press again."""
    answer = ask(*asked, **sends, accepted="")
    assert answer.status_code == 422
    return ask(*asked, **sends, accepted=MARK.search(answer.text)[1])
