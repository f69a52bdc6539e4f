"""Mailing what is owed: claimed row by row, tried again when the server fails, never silent.

A mail leaves at least once: who dies between the server's yes and the note of it sends it again.
Letters that are due together go to their member as one mail, so that an outage fills no inbox and a
digest is one mail.
"""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import send_mail

from yanzhen.notify.actions.settling import CLAIM, claim, put_off, settle
from yanzhen.notify.models import Letter
from yanzhen.notify.queries import with_sentences
from yanzhen.notify.states import Way
from yanzhen.people.mail import address_of, compose
from yanzhen.people.models import Member

__all__ = ["CLAIM", "mail_member"]

logger = logging.getLogger(__name__)
MOST_IN_ONE_MAIL = 50


def mail_member(member: Member, *, now: datetime) -> bool:
    """Send a member one mail of all their letters that are due; False when it did not leave.

    Not for use inside a transaction. Never raises for a mail that cannot be sent.
    """
    due = Letter.objects.due(Way.MAIL, now=now).filter(member=member)
    due = due.select_related("notice").order_by("pk")
    claimed = [letter for letter in due[:MOST_IN_ONE_MAIL] if claim(letter, now=now)]
    if not claimed:
        return True
    try:
        _send(member, claimed)
    except Exception as error:
        # Whatever is wrong with one mail, a broken address or text too, must not stop the others.
        if not isinstance(error, (OSError, SMTPException)):
            logger.exception("the mail to member %s could not be made", member.pk)
        else:
            logger.warning("the mail to member %s was not sent: %s", member.pk, error)
        for letter in claimed:
            put_off(letter, f"{type(error).__name__}: {error}", now=now)
        return False
    for letter in claimed:
        settle(letter, now=now)
    return True


def _send(member: Member, letters: list[Letter]) -> None:
    notices = [letter.notice for letter in letters if letter.notice is not None]
    lines = [
        (line, address_of("notice", pk=line.notice.pk))
        for line in with_sentences(notices, member, language=member.user.language)
    ]
    context = {
        "workspace": member.workspace.name,
        "lines": lines,
        "first": lines[0][0].said,
        "urgent": any(letter.urgent for letter in letters),
        "zone": member.user.tz,
        "telling": address_of("telling"),
    }
    subject, body = compose("notify/mail/notices.txt", member.user.language, context)
    send_mail(subject, body, None, [member.user.email])
