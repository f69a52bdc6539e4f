"""Mails about how one signs in."""

from __future__ import annotations

from yanzhen.people.mail import address_of, mail_is_set_up, send
from yanzhen.people.models import User


def send_factors_reset(user: User) -> bool:
    """Tell a person that an administrator reset their second step, and what ended with it.

    Returns False when no mail left.
    """
    if not mail_is_set_up():
        return False
    context = {"name": user.name, "link": address_of("forgotten")}
    return send("signin/mail/factors_reset.txt", user.email, user.language, context)
