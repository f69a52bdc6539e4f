"""``yanzhen demo``: make the demo brand on first start, and name its sign-ins."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from yanzhen.demo.cast import PASSWORD, PEOPLE, SHOWN_FIRST
from yanzhen.demo.fake_x import NotPractice
from yanzhen.demo.story import tell
from yanzhen.kernel import clock
from yanzhen.people.models import User, Workspace


class Command(BaseCommand):
    """Load the demo brand into an empty installation."""

    help = "Make the demo brand Ferrow, once, in an empty installation with the fake X."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the switch that only names the sign-ins."""
        parser.add_argument("--sign-ins", action="store_true", help="only print the sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the story when nobody lives here yet; print the sign-ins when asked."""
        if options["sign_ins"]:
            self._name_sign_ins()
            return
        unfinished = settings.DATA / "demo.unfinished"
        if unfinished.exists():
            raise CommandError(
                "The demo was broken off while it was being made. Delete the data folder"
                f" {settings.DATA} and start again."
            )
        if Workspace.objects.exists():
            return
        unfinished.touch()
        try:
            tell(clock.now())
        except NotPractice as refused:
            unfinished.unlink()
            raise CommandError(str(refused)) from None
        unfinished.unlink()

    def _name_sign_ins(self) -> None:
        known = set(User.objects.values_list("email", flat=True))
        people = sorted(PEOPLE, key=lambda person: person.key not in SHOWN_FIRST)
        shown = [person for person in people if person.email in known]
        if not shown:
            return
        self.stdout.write(f"  Sign in as any of these, password {PASSWORD}")
        for person in shown:
            roles = ", ".join((person.role, *person.further)).replace("_", " ")
            self.stdout.write(f"    {person.email:<24}{roles}, {person.city}")
