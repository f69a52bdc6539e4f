"""Users: people who sign in, each with a zone, a language and working hours."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def every_weekday() -> list[int]:
    """Return Monday to Friday as ISO weekday numbers."""
    return [1, 2, 3, 4, 5]


class UserManager(BaseUserManager["User"]):
    """Makes users; emails are compared in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and return a user. ``password`` None makes one that cannot sign in yet."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by email whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. One user may be a member of several workspaces.

    ``day_start``/``day_end`` are the working hours in the user's own zone.
    """

    email = models.EmailField(pgettext_lazy("field", "Email"), unique=True)
    name = models.CharField(_("Name"), max_length=80)
    zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    city = models.CharField(_("City"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="en")
    day_start = models.TimeField(_("Work starts"), default=time(9))
    day_end = models.TimeField(_("Work ends"), default=time(18))
    workdays = models.JSONField(_("Working days"), default=every_weekday)
    single_keys = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    is_superuser = False
    is_staff = False

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The user's zone."""
        return ZoneInfo(self.zone)
