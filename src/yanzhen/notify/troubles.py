"""What a mail server or the way to it said, in words for people; what it said itself is in the log
and beside the letter.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

#: The three digits of an answer of SMTP, as Python’s own errors show them.
_CODE = re.compile(r"\b([245]\d\d)\b")


def mail_words(error: str) -> str:
    """Return ``error`` ("NameOfTheError: what it said") as a sentence, "" for none.

    The number of the server's answer stays, for whoever looks after it.
    """
    if not error:
        return ""
    name, _colon, rest = error.partition(":")
    code = _CODE.search(rest) if name.startswith("SMTP") else None
    said = _sentence(name)
    return _("%(said)s (SMTP %(code)s)") % {"said": said, "code": code[1]} if code else said


def _sentence(name: str) -> str:
    if name == "SMTPAuthenticationError":
        return _("The mail server refused the sign-in. An administrator checks its settings.")
    if name == "SMTPRecipientsRefused":
        return _("The mail server refused the member’s address.")
    if name == "SMTPSenderRefused":
        return _("The mail server refused the address we send from.")
    if name in ("SMTPConnectError", "SMTPServerDisconnected") or not name.startswith("SMTP"):
        return _("The mail server was not reached, or the mail could not be handed to it.")
    return _("The mail server did not take the mail.")
