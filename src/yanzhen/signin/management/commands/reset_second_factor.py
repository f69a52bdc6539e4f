"""Take the second factors from somebody who is locked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanzhen.kernel.clock import now
from yanzhen.people.models import User
from yanzhen.signin.actions.factors import reset_factors_of


class Command(BaseCommand):
    """For whoever runs the server; the log says that it was done."""

    help = "Take the second step from one person, who then signs in by password and sets up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address of the person."""
        parser.add_argument("email", help="whom it is for, e.g. lin@example.com")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset, or say that there is nobody with that address."""
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        reset_factors_of(user, now=now())
        self.stdout.write(f"{user.name} signs in by password next time.")
