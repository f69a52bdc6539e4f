"""``yanzhen create-workspace``: the first team of an installation, and its administrator."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from yanzhen.kernel.clock import now
from yanzhen.people import mail, zones
from yanzhen.people.actions.invitations import GOOD_FOR, open_invitation
from yanzhen.people.actions.workspaces import add_member, create_workspace
from yanzhen.people.models import User, Workspace

ROLE = "administrator"


class Command(BaseCommand):
    """Create a workspace with its first administrator."""

    help = (
        "Create a workspace and its administrator. Asks for the password on a terminal; "
        "with --link, or without a terminal, prints a link that works once instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workspace's name and zone, and the administrator."""
        parser.add_argument("--name", required=True, help="the brand's name")
        parser.add_argument("--zone", default="UTC", help="its home time zone, e.g. Europe/Berlin")
        parser.add_argument("--slug", default="", help="short name for addresses")
        parser.add_argument("--admin-email", required=True, help="the administrator's email")
        parser.add_argument("--admin-name", required=True, help="the administrator's name")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"])
        parser.add_argument("--link", action="store_true", help="print a join link, ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create both or neither; raise CommandError with what to change."""
        email = options["admin_email"].strip().lower()
        self._check(options, email)
        known = User.objects.filter(email=email).first()
        link_wanted = options["link"] or not sys.stdin.isatty()
        password = "" if known or link_wanted else self._ask(email, options["admin_name"])
        with transaction.atomic():
            workspace = self._workspace(options)
            if known is None and link_wanted:
                self._print_link(workspace, options, email)
                return
            user = known or User.objects.create_user(
                email,
                password,
                name=options["admin_name"],
                zone=options["zone"],
                language=options["language"],
            )
            add_member(workspace, user, role=ROLE, now=now())
        self.stdout.write(f"{workspace.name} is there; {email} is its administrator.")
        self.stdout.write(f"Sign in at {mail.address_of('sign-in')}")

    def _check(self, options: dict[str, Any], email: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an email address.") from None
        if options["zone"] not in zones.known():
            raise CommandError(f"{options['zone']!r} is not a time zone, e.g. Europe/Berlin.")
        if not options["name"].strip():
            raise CommandError("The workspace needs a name.")
        slug = self._slug(options)
        if Workspace.objects.filter(slug=slug).exists():
            raise CommandError(f"A workspace {slug!r} exists. Choose another with --slug.")

    def _slug(self, options: dict[str, Any]) -> str:
        longest = Workspace._meta.get_field("slug").max_length
        # A name in Chinese leaves nothing that fits into an address.
        return slugify(options["slug"] or options["name"])[:longest] or "workspace"

    def _workspace(self, options: dict[str, Any]) -> Workspace:
        return create_workspace(
            name=options["name"].strip(), slug=self._slug(options), zone=options["zone"], now=now()
        )

    def _ask(self, email: str, name: str) -> str:
        password = getpass.getpass("Password for the administrator: ")
        if getpass.getpass("Once more: ") != password:
            raise CommandError("The two passwords differ. Nothing was created.")
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages) + " Nothing was created.") from None
        return password

    def _print_link(self, workspace: Workspace, options: dict[str, Any], email: str) -> None:
        _invitation, token = open_invitation(
            workspace,
            email=email,
            name=options["admin_name"],
            language=options["language"],
            role=workspace.roles.get(slug=ROLE),
            invited_by=None,
            now=now(),
        )
        self.stdout.write(f"{workspace.name} is there. Its administrator {email} joins here,")
        self.stdout.write(f"once, within {GOOD_FOR.days} days:")
        self.stdout.write(mail.address_of("join", token=token))
