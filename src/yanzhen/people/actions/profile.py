"""What a person changes about themselves. Nobody's right is asked: it is their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from yanzhen.people.models import User


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's own words and hours.

    ``zone`` is an IANA name, ``language`` a code of settings.LANGUAGES, the day's bounds are wall
    times in that zone, ``workdays`` ISO weekday numbers.
    """

    name: str
    zone: str
    city: str
    language: str
    day_start: time
    day_end: time
    workdays: list[int]
    single_keys: bool


def change_profile(user: User, profile: Profile) -> User:
    """Write the whole profile."""
    for field in Profile.__slots__:
        setattr(user, field, getattr(profile, field))
    user.save(update_fields=list(Profile.__slots__))
    return user


def change_language(user: User, *, language: str) -> User:
    """Answer this person in another language from now on."""
    user.language = language
    user.save(update_fields=["language"])
    return user
