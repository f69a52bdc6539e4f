"""``yanzhen rotate-keys``: a new key for stored secrets, while everything goes on running."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.channels import rotation
from yanzhen.channels.opening import opener
from yanzhen.channels.rotation import NotYet
from yanzhen.channels.vault import VaultClosed


class Command(BaseCommand):
    """Make a key and move everything over, or drop the old ones."""

    help = (
        "Seal stored secrets with a new key from now on, and reseal those there are."
        " With --finish, delete the old keys once nothing needs them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which half of it."""
        parser.add_argument("--finish", action="store_true", help="delete the old keys")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one half of it."""
        try:
            if options["finish"]:
                self._finish()
            else:
                self._begin()
        except (NotYet, VaultClosed) as trouble:
            raise CommandError(str(trouble)) from None

    def _begin(self) -> None:
        new = opener().rotate()
        self.stdout.write(f"Key {new} seals from now on.")
        moved = 0
        while more := rotation.reseal():
            moved += more
        self.stdout.write(f"{moved} stored values are resealed.")
        for key_id in opener().ids():
            if key_id != new and (left := rotation.left_with(key_id)):
                self.stdout.write(f"{left} are still sealed with {key_id}; see the log.")
        self.stdout.write("In a minute: yanzhen rotate-keys --finish. Then back up the keys.")

    def _finish(self) -> None:
        gone = rotation.drop_old_keys()
        for key_id in gone:
            self.stdout.write(f"Key {key_id} is deleted.")
        if not gone:
            self.stdout.write("There is one key, and it is the current one.")
