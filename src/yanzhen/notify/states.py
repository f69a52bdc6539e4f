"""How far the mail of a notice is."""

from __future__ import annotations

from django.db import models


class MailState(models.TextChoices):
    """NONE is not to be mailed: it is not urgent, or this installation has no mail server."""

    NONE = ""
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
