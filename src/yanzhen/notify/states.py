"""How far a letter is, which ways news takes, and how much of it somebody wants."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LetterState(models.TextChoices):
    """DUE is owed; DEAD was given up or refused; DROPPED is no longer wanted by anybody."""

    DUE = "due"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


class Way(models.TextChoices):
    """How a letter leaves. All but the last lead to one member, OUTLET to a place of the team."""

    MAIL = "mail", pgettext_lazy("way of telling", "E-mail")
    SLACK = "slack", pgettext_lazy("way of telling", "Slack, direct")
    PUSH = "push", pgettext_lazy("way of telling", "Browser")
    OUTLET = "outlet", pgettext_lazy("way of telling", "Outlet")


#: What a member chooses among; every notice is in the app besides.
PERSONAL = (Way.MAIL, Way.SLACK, Way.PUSH)


class Unsaid(models.TextChoices):
    """Why a letter was dropped."""

    GONE = "gone", pgettext_lazy("why not told", "What happened is no longer in the log.")
    VEILED = "veiled", pgettext_lazy("why not told", "An embargo keeps it.")
    OFF = "off", pgettext_lazy("why not told", "The outlet is off.")
    LEFT = "left", pgettext_lazy("why not told", "The member has left.")
    NOWHERE = "nowhere", pgettext_lazy("why not told", "The member is not to be reached there.")
    NO_SLACK = "no_slack", pgettext_lazy("why not told", "Slack is disconnected.")
    DELETED = "deleted", pgettext_lazy("why not told", "The message is gone from Slack.")
    LATE = "late", pgettext_lazy("why not told", "Nobody waits for it any more.")


class Level(models.TextChoices):
    """How much of one kind of news goes one way."""

    NEVER = "never", pgettext_lazy("how much news", "Nothing")
    URGENT = "urgent", pgettext_lazy("how much news", "Only urgent")
    ALL = "all", pgettext_lazy("how much news", "Everything")

    def takes(self, *, urgent: bool) -> bool:
        """Tell whether news of that urgency is wanted."""
        return self is Level.ALL or (self is Level.URGENT and urgent)


class OutletKind(models.TextChoices):
    """Where an outlet leads."""

    SLACK = "slack", _("Slack channel")
    TEAMS = "teams", _("Microsoft Teams")
    WEBHOOK = "webhook", _("Webhook")
