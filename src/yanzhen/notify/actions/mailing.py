"""Mailing urgent notices: claimed row by row, tried again when the server fails, never silent.

A mail leaves at least once: who dies between the server's yes and the note of it sends it again.
Notices that are due together go to their member as one mail, so that an outage fills no inbox.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db.models import F

from yanzhen.notify.models import Notice, NoticeQuerySet
from yanzhen.notify.queries import with_sentences
from yanzhen.notify.states import MailState
from yanzhen.people.mail import address_of, compose
from yanzhen.people.models import Member

logger = logging.getLogger(__name__)
#: How long one try may take before another process takes over. Longer than the server's time-out.
CLAIM = timedelta(minutes=2)
#: Two hours of trying, by wait_after; then a person must look at the mail server.
MOST_TRIES = 10
MOST_IN_ONE_MAIL = 50


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: 15 s doubling up to 1 h."""
    return timedelta(seconds=min(15 * 2 ** max(tries - 1, 0), 3600))


def mail_member(member: Member, *, now: datetime) -> bool:
    """Send a member one mail of all their notices that are due; False when it did not leave.

    Not for use inside a transaction. Never raises for a mail that cannot be sent.
    """
    claimed = _claim(member, now=now)
    if not claimed.exists():
        return True
    try:
        _send(member, claimed)
    except Exception as error:
        # Whatever is wrong with one mail, a broken address or text too, must not stop the others.
        if not isinstance(error, (OSError, SMTPException)):
            logger.exception("the mail to member %s could not be made", member.pk)
        else:
            logger.warning("the mail to member %s was not sent: %s", member.pk, error)
        _put_off(claimed, f"{type(error).__name__}: {error}", now=now)
        return False
    claimed.update(mail=MailState.SENT, mail_error="")
    return True


def _claim(member: Member, *, now: datetime) -> NoticeQuerySet:
    """Take the member's due notices by compare-and-set; returns those that are ours."""
    due = Notice.objects.mail_due(now=now).filter(member=member)
    until = now + CLAIM
    ours = []
    for pk, due_at in list(due.values_list("pk", "mail_due_at")[:MOST_IN_ONE_MAIL]):
        mine = Notice.objects.filter(pk=pk, mail=MailState.DUE, mail_due_at=due_at)
        if mine.update(mail_due_at=until, mail_tries=F("mail_tries") + 1):
            ours.append(pk)
    return Notice.objects.filter(pk__in=ours, mail=MailState.DUE, mail_due_at=until)


def _send(member: Member, notices: NoticeQuerySet) -> None:
    lines = [
        (line, address_of("notice", pk=line.notice.pk))
        for line in with_sentences(notices.order_by("pk"), member, language=member.user.language)
    ]
    context = {
        "workspace": member.workspace.name,
        "lines": lines,
        "first": lines[0][0].said,
        "zone": member.user.tz,
    }
    subject, body = compose("notify/mail/notices.txt", member.user.language, context)
    send_mail(subject, body, None, [member.user.email])


def _put_off(notices: NoticeQuerySet, error: str, *, now: datetime) -> None:
    """Note what the server said and when to try again, or that it was tried often enough."""
    for pk, tries in list(notices.values_list("pk", "mail_tries")):
        over = tries >= MOST_TRIES
        Notice.objects.filter(pk=pk).update(
            mail=MailState.FAILED if over else MailState.DUE,
            mail_due_at=now + wait_after(tries),
            mail_error=" ".join(error.split())[:300],
        )
