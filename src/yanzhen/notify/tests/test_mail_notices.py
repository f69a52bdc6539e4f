"""Mails: at least once, in the member's language, together, and never given up in silence."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from yanzhen.notify.actions.mailing import mail_member
from yanzhen.notify.actions.settling import CLAIM, MOST_TRIES, wait_after
from yanzhen.notify.loops import mail_notices
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.states import LetterState
from yanzhen.notify.tests.news import told
from yanzhen.notify.tests.post_office import post_office
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.tests.cast import NOW


@pytest.fixture
def office(settings):
    with post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = office.server_address
        settings.BASE_URL = "https://desk.example.com"
        yield office


def mails_to(office, member):
    return [mail for mail in office.mails if mail["To"] == member.user.email]


def states():
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_mail_goes_to_each_in_their_own_language_with_a_link(cast, office):
    cast.lin.user.language = "zh-hans"
    cast.lin.user.save()
    told(cast, cast.lena, cast.lin, urgent=True)
    told(cast, cast.zhou)
    assert mail_notices(NOW) == 2
    (english,), (chinese,) = mails_to(office, cast.lena), mails_to(office, cast.lin)
    assert english["Subject"].startswith("Ferrow: ")
    notice = Notice.objects.get(member=cast.lena)
    body = english.get_content()
    assert f"https://desk.example.com/notices/{notice.pk}/" in body
    assert "2 Mar, 10:00" in body
    assert chinese["Subject"] != english["Subject"]
    assert "3 月 2 日 17:00" in chinese.get_content()
    assert english.get_content_type() == "text/plain"
    assert len(office.mails) == 2
    assert mail_notices(NOW) == 0
    assert len(office.mails) == 2


def test_mail_puts_what_is_due_together_into_one(cast, office):
    for number in range(3):
        told(cast, cast.lena, urgent=True, name=f"Name {number}")
    mail_notices(NOW)
    (mail,) = office.mails
    assert mail["Subject"] == "Ferrow: 3 urgent notices"
    assert mail.get_content().count("https://desk.example.com/notices/") == 3
    assert states() == [LetterState.SENT] * 3


def test_mail_of_a_hostile_name_stays_one_subject(cast, office):
    cast.workspace.name = "A\r\nBcc: all@example.com\r\n\r\nB <b>&"
    cast.workspace.save()
    told(cast, cast.lena, urgent=True)
    mail_notices(NOW)
    (mail,) = office.mails
    assert mail["Bcc"] is None
    assert "<b>&" in mail["Subject"] + mail.get_content()


def test_mail_that_fails_is_tried_later_and_says_why(cast, office, settings):
    told(cast, cast.lena, urgent=True)
    settings.EMAIL_PORT = 1
    assert mail_notices(NOW) == 0
    letter = Letter.objects.get()
    assert (letter.state, letter.tries) == (LetterState.DUE, 1)
    assert NOW + wait_after(1) <= letter.due_at <= NOW + wait_after(1) * 1.2
    assert "refused" in letter.error.lower()
    settings.EMAIL_PORT = office.server_address[1]
    assert mail_notices(NOW + timedelta(seconds=14)) == 0
    assert mail_notices(NOW + timedelta(seconds=18)) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.SENT, "")


def test_mail_that_is_refused_is_no_mail_that_left(cast, office):
    office.answer = "554 no"
    told(cast, cast.lena, urgent=True)
    mail_notices(NOW)
    assert states() == [LetterState.DUE]
    assert "554" in Letter.objects.get().error


def test_mail_that_fails_too_often_is_given_up_where_people_see_it(cast, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told(cast, cast.lena, urgent=True)
    now = NOW
    for tries in range(1, MOST_TRIES + 1):
        mail_notices(now)
        now += wait_after(tries) * 1.2
    assert states() == [LetterState.DEAD]
    assert mail_notices(now + timedelta(days=1)) == 0
    client.force_login(cast.lena.user)
    page = client.get("/notices/").content.decode()
    assert "The mail about this was given up: The mail server was not reached" in page


def test_mail_failing_for_one_leaves_the_others_for_the_next_turn(cast, office):
    told(cast, cast.zhou, cast.lena, urgent=True)
    cast.zhou.user.email = "zhou@exa\nmple.com"  # what no server takes
    cast.zhou.user.save()
    assert mail_notices(NOW) == 0
    assert mail_notices(NOW) == 1
    assert [mail["To"] for mail in office.mails] == [cast.lena.user.email]
    assert states() == [LetterState.DUE, LetterState.SENT]


def test_mail_is_sent_again_after_its_sender_died(cast, office):
    told(cast, cast.lena, urgent=True)
    # What a process leaves that was killed between the claim and the note of the server's yes.
    Letter.objects.update(due_at=NOW + CLAIM, tries=1)
    assert mail_notices(NOW) == 0
    assert mail_notices(NOW + CLAIM) == 1
    assert len(office.mails) == 1


def test_mail_is_not_sent_to_who_has_left(cast, office):
    told(cast, cast.maya, urgent=True)
    deactivate_member(cast.maya, seen=cast.maya.revision, by=cast.admin, now=NOW)
    assert mail_notices(NOW) == 0
    assert office.mails == []


@pytest.mark.django_db(transaction=True)
def test_mail_by_two_processes_at_once_leaves_once(cast, office):
    for number in range(5):
        told(cast, cast.lena, urgent=True, name=f"Name {number}")
    start = threading.Barrier(3)

    def send():
        start.wait(10)
        try:
            mail_member(cast.lena, now=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    links = sum(mail.get_content().count("/notices/") for mail in office.mails)
    assert links == 5
    assert states() == [LetterState.SENT] * 5
