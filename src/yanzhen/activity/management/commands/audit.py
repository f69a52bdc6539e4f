"""``yanzhen audit verify``: prove that no event was changed, removed or added."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.activity.feed import events, logged_workspaces, verify


class Command(BaseCommand):
    """Verify the hash chain of every workspace, or of one."""

    help = "Check the activity log's hash chain. Exits with 1 and names each break."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and an optional workspace."""
        parser.add_argument("verb", choices=["verify"])
        parser.add_argument("--workspace", type=int, help="number of one workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each workspace; raise CommandError when a chain is broken."""
        one: int | None = options["workspace"]
        broken = 0
        for number in logged_workspaces() if one is None else [one]:
            breaks = list(verify(number))
            broken += len(breaks)
            for each in breaks:
                self.stderr.write(f"workspace {number}, event {each.number}: {each.why}")
            count = events().objects.in_workspace(number).count()
            self.stdout.write(f"workspace {number}: {count} events, {len(breaks)} breaks")
        if broken:
            raise CommandError(f"{broken} breaks found")
