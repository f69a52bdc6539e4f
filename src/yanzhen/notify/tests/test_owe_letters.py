"""What is owed besides the notice: by which way, when, and to whom."""

from __future__ import annotations

import sys
import types
from datetime import time, timedelta

import pytest
from django.db import transaction

from yanzhen.notify.actions.manners import set_manner
from yanzhen.notify.actions.outlets import add_outlet, change_outlet
from yanzhen.notify.actions.owing import release_held
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.loops import mail_notices
from yanzhen.notify.models import Letter, SlackLink
from yanzhen.notify.states import Level, OutletKind, Way
from yanzhen.notify.tests.news import happen, told
from yanzhen.notify.tests.post_office import post_office
from yanzhen.people.tests.cast import NOW

#: NOW is Monday 09:00 UTC: 10:00 in Berlin, 17:00 in Shanghai.
OTHER = "other"


@pytest.fixture
def office(settings):
    with post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = office.server_address
        yield office


@pytest.fixture
def on_duty(settings, monkeypatch):
    """Let these members be on duty, as the rota would say."""
    module = types.ModuleType("telling_on_duty")
    module.MESSENGERS, module.members = {}, set()
    module.on_duty = lambda workspace, at: frozenset(m.pk for m in module.members)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.YANZHEN_TELLING = module.__name__
    return module.members


def manner(member, *, quiet=None, digest=None, **levels):
    set_manner(
        member,
        quiet=quiet and tuple(map(time.fromisoformat, quiet)),
        digest_at=digest and time.fromisoformat(digest),
        levels={(OTHER, Way(way)): Level(level) for way, level in levels.items()},
    )


def link(member):
    SlackLink.objects.create(
        workspace=member.workspace, member=member, slack_user="U1", nonce="n", linked_at=NOW
    )


def owed():
    return [(each.member.user.name, each.way) for each in Letter.objects.order_by("pk")]


def test_owe_only_urgent_news_unless_said_otherwise(cast, office):
    link(cast.lena)
    manner(cast.lin, mail="all")
    manner(cast.zhou, mail="never")
    told(cast, cast.lena, cast.lin, cast.zhou)
    assert owed() == [("Lin", "mail")]
    Letter.objects.all().delete()
    told(cast, cast.lena, cast.lin, cast.zhou, urgent=True)
    assert sorted(owed()) == [("Lena", "mail"), ("Lena", "slack"), ("Lin", "mail")]


def test_owe_after_quiet_hours(cast, office, on_duty):
    on_duty.add(cast.lin)
    manner(cast.lena, quiet=("09:30", "11:00"))
    told(cast, cast.lena, urgent=True)
    letter = Letter.objects.get()
    assert (letter.due_at, letter.held) == (NOW + timedelta(hours=1), True)
    assert mail_notices(NOW) == 0
    assert mail_notices(NOW + timedelta(hours=1)) == 1
    assert len(office.mails) == 1


def test_owe_at_once_to_whoever_is_on_duty(cast, office, on_duty):
    on_duty.add(cast.lena)
    manner(cast.lena, quiet=("09:30", "11:00"), mail="all")
    manner(cast.lin, quiet=("16:30", "18:00"), mail="all")
    told(cast, cast.lena, cast.lin)
    due = dict(Letter.objects.values_list("member__user__name", "due_at"))
    assert due == {"Lena": NOW, "Lin": NOW + timedelta(hours=1)}


def test_owe_at_once_to_whoever_has_the_lead(cast, office, on_duty):
    cast.workspace.lead = cast.lena
    cast.workspace.save()
    manner(cast.lena, quiet=("09:30", "11:00"), mail="all")
    told(cast, cast.lena)
    assert Letter.objects.get().due_at == NOW


def test_urgent_news_breaks_the_quiet_of_all_when_nobody_is_on_duty(cast, office, on_duty):
    manner(cast.lena, quiet=("09:30", "11:00"), mail="all")
    told(cast, cast.lena, urgent=True)
    told(cast, cast.lena)
    assert sorted(Letter.objects.values_list("urgent", "held")) == [(False, True), (True, False)]


def test_held_letters_go_when_their_member_comes_on_duty(cast, office, on_duty):
    on_duty.add(cast.lin)
    for member, quiet in ((cast.lena, ("09:30", "11:00")), (cast.zhou, ("16:30", "18:00"))):
        manner(member, quiet=quiet)
    told(cast, cast.lena, cast.zhou, urgent=True)
    soon = NOW + timedelta(minutes=10)
    assert release_held(now=soon) == 0
    on_duty.add(cast.lena)
    assert release_held(now=soon) == 1
    assert mail_notices(soon) == 1
    assert [mail["To"] for mail in office.mails] == [cast.lena.user.email]


def test_digest_is_one_mail_at_its_hour_and_urgent_news_does_not_wait(cast, office):
    manner(cast.lena, digest="17:00", mail="all")
    for number in range(2):
        told(cast, cast.lena, name=f"Name {number}")
    told(cast, cast.lena, urgent=True)
    assert mail_notices(NOW) == 1
    assert mail_notices(NOW + timedelta(hours=5)) == 0
    assert mail_notices(NOW + timedelta(hours=7)) == 1
    first, digest = office.mails
    assert first.get_content().count("/notices/") == 1
    assert digest["Subject"] == "Ferrow: 2 notices"


def outlet(cast, **told_):
    values = {"level": Level.ALL, "topics": [], "language": "en", **told_}
    made, _secret = add_outlet(
        cast.admin,
        kind=OutletKind.WEBHOOK,
        name="Hook",
        address="https://example.com/x",
        now=NOW,
        **values,
    )
    return made


def test_outlets_are_owed_what_they_take_once_for_each_event(cast):
    urgent = outlet(cast, level=Level.URGENT)
    review = outlet(cast, topics=["review"])
    all_of_it = outlet(cast)
    off = outlet(cast)
    change_outlet(
        off,
        by=cast.admin,
        seen=0,
        name="Off",
        language="en",
        level=Level.ALL,
        topics=[],
        active=False,
        now=NOW,
    )
    Letter.objects.all().delete()
    told(cast, cast.lena)
    assert list(Letter.objects.values_list("outlet", flat=True)) == [all_of_it.pk]
    told(cast, cast.lena, urgent=True)
    by_outlet = {each.pk: each.letters.count() for each in (urgent, review, all_of_it, off)}
    assert by_outlet == {urgent.pk: 1, review.pk: 0, all_of_it.pk: 2, off.pk: 0}


def test_outlets_of_another_workspace_hear_nothing(cast):
    outlet(cast)
    Letter.objects.all().delete()
    other = cast.wu.workspace
    with transaction.atomic():
        tell(happen(cast, workspace=other), members=[cast.wu], url="/x/")
    assert not Letter.objects.exists()
