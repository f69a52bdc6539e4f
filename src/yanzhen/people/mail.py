"""Mails about getting in. Sent after the action has committed; a failing server loses nothing."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from yanzhen.people.models import Invitation, User

logger = logging.getLogger(__name__)


def mail_is_set_up() -> bool:
    """Tell whether mails leave this machine, so that pages can say so."""
    return not str(settings.EMAIL_BACKEND).endswith("console.EmailBackend")


def address_of(name: str, **parts: Any) -> str:
    """Return the full address of a page, under the base address people type."""
    return f"{settings.BASE_URL}{reverse(name, kwargs=parts)}"


def compose(template: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return subject and body of a mail: the first line of ``template`` and the rest."""
    with translation.override(language):
        text = render_to_string(template, context)
    subject, _line, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def send(template: str, to: str, language: str, context: dict[str, Any]) -> bool:
    """Send the text of ``template`` (first line: subject) to one address; False when it failed."""
    subject, body = compose(template, language, context)
    try:
        send_mail(subject, body, None, [to])
    except (OSError, SMTPException):
        logger.exception("the mail server did not take a mail")
        return False
    return True


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Mail an invitation in its own language; False when no mail left this machine."""
    if not mail_is_set_up():
        return False
    by = invitation.invited_by
    context = {
        "invitation": invitation,
        "link": link,
        "by": by.user.name if by else "",
        "workspace": invitation.workspace.name,
    }
    return send("people/mail/invitation.txt", invitation.email, invitation.language, context)


def send_reset(user: User, link: str) -> bool:
    """Mail a link that sets a new password."""
    context = {"name": user.name, "link": link}
    return send("people/mail/reset.txt", user.email, user.language, context)


def send_no_account(email: str, language: str) -> bool:
    """Tell whoever asked for a new password that there is no account here.

    Known and unknown addresses cost the same time, so that waiting tells nothing.
    """
    return send("people/mail/no_account.txt", email, language, {"site": settings.BASE_URL})


def send_shut_out(user: User, *, password: bool) -> bool:
    """Tell a person that their other sessions ended, with a new ``password`` or without, and what
    ended with them.
    """
    if not mail_is_set_up():
        return False
    context = {"name": user.name, "password": password, "link": address_of("forgotten")}
    return send("people/mail/shut_out.txt", user.email, user.language, context)
