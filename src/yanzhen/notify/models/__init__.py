"""What the room keeps: notices, letters, outlets and how members want to be told."""

from yanzhen.notify.models.browsers import Browser, PushKey
from yanzhen.notify.models.letters import ASIDE, LINKING, SHEET, TEST, Letter, LetterQuerySet
from yanzhen.notify.models.manners import Manner, Preference, SlackLink
from yanzhen.notify.models.notices import Notice, NoticeQuerySet
from yanzhen.notify.models.outlets import Knock, Outlet, SlackTeam

__all__ = [
    "ASIDE",
    "LINKING",
    "SHEET",
    "TEST",
    "Browser",
    "Knock",
    "Letter",
    "LetterQuerySet",
    "Manner",
    "Notice",
    "NoticeQuerySet",
    "Outlet",
    "Preference",
    "PushKey",
    "SlackLink",
    "SlackTeam",
]
