"""What one writer takes off a log while another changes it: said in a sentence, nothing written."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.models import Attachment, Handover, Item
from yanzhen.handoff.tests.shifts import again, points, sent
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.django_db


@contextmanager
def taken_out(row: Item | Attachment):
    """Let the row go after the view has found it, as the action begins to write."""
    gone = []

    def watch(execute, sql, params, many, context):
        if sql.startswith('UPDATE "handoff_handover"') and not gone:
            gone.append(row.pk)
            type(row).objects.filter(pk=row.pk).delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert gone


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("handoff-item", {"text": "Call the agency"}),
        ("handoff-item", {"do": "remove"}),
        ("handoff-item-done", {"done": "1"}),
    ],
)
def test_point_taken_out_meanwhile_is_said_and_keeps_the_words(enter, cast, name, typed):
    handover = sent(cast)
    row, seen = points(handover)[0], handover.revision
    client = enter(cast.lena)
    with taken_out(row):
        answer = client.post(reverse(name, args=[row.pk]), typed)
    assert (answer.status_code, "took this point out meanwhile" in answer.text) == (409, True)
    assert ("Call the agency" in answer.text) is ("text" in typed)
    assert Handover.objects.get().revision == seen


@pytest.mark.parametrize("typed", [{"captions": "Hello"}, {"do": "remove"}])
def test_attached_thing_taken_off_meanwhile_is_said(enter, cast, typed):
    handover = sent(cast)
    link = {"title": "Notes", "url": "https://a.example/"}
    row = add_link(handover, **link, by=again(cast.lena), now=NOW)
    seen = Handover.objects.get().revision
    client = enter(cast.lena)
    with taken_out(row):
        answer = client.post(reverse("handoff-attachment", args=[row.pk]), typed)
    assert (answer.status_code, "took this off the log" in answer.text) == (409, True)
    assert Handover.objects.get().revision == seen
