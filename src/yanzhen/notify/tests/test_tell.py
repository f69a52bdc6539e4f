"""Telling: one notice for each member and event, with the event or not at all."""

from __future__ import annotations

import pytest
from django.db import transaction

from yanzhen.notify.actions.telling import tell
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.states import Way
from yanzhen.notify.tests.news import happen, told
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.tests.cast import NOW


def test_tell_writes_one_notice_for_each_member_and_event(cast):
    with transaction.atomic():
        event = happen(cast)
        assert tell(event, members=[cast.zhou, cast.lin, cast.zhou], url="/x/") == 2
        tell(event, members=[cast.zhou], url="/y/")
    rows = Notice.objects.order_by("pk").values_list("member", "event", "kind", "url", "at")
    assert list(rows) == [
        (member.pk, event.pk, "people.workspace_changed", "/x/", NOW)
        for member in (cast.zhou, cast.lin)
    ]


def test_tell_of_what_is_taken_back_tells_nobody(cast):
    @transaction.atomic
    def fail():
        tell(happen(cast), members=[cast.zhou], url="/x/")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_tell_outside_a_transaction_is_refused(cast):
    with transaction.atomic():
        event = happen(cast)
    with pytest.raises(RuntimeError):
        tell(event, members=[cast.zhou], url="/x/")


def test_tell_a_member_of_another_workspace_is_refused(cast):
    with pytest.raises(ValueError, match="workspace"), transaction.atomic():
        tell(happen(cast), members=[cast.zhou, cast.wu], url="/x/")
    assert not Notice.objects.exists()


def test_tell_leaves_out_who_has_left_or_may_not_sign_in(cast):
    deactivate_member(cast.maya, seen=cast.maya.revision, by=cast.admin, now=NOW)
    cast.lin.user.is_active = False
    cast.lin.user.save()
    told(cast, cast.maya, cast.lin, cast.zhou)
    assert [notice.member_id for notice in Notice.objects.all()] == [cast.zhou.pk]


@pytest.mark.parametrize(
    ("backend", "urgent", "ways"),
    [("smtp", True, [Way.MAIL]), ("smtp", False, []), ("console", True, [])],
)
def test_tell_owes_a_mail_for_urgent_ones_where_there_is_a_server(
    cast, settings, backend, urgent, ways
):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    told(cast, cast.zhou, urgent=urgent)
    assert list(Letter.objects.values_list("way", flat=True)) == ways
