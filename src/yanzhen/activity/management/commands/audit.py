"""``yanzhen audit verify``: prove that no event was changed, removed or added."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.activity.feed import verify
from yanzhen.activity.models import ChainHead


class Command(BaseCommand):
    """Verify the hash chain of every workspace, or of one."""

    help = "Check the activity log's hash chain. Exits with 1 and names each break."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and an optional workspace."""
        parser.add_argument("verb", choices=["verify"])
        parser.add_argument("--workspace", type=int, help="number of one workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each workspace; raise CommandError when a chain is broken."""
        heads = ChainHead.objects.order_by("pk")
        if options["workspace"] is not None:
            heads = heads.filter(pk=options["workspace"])
        broken = 0
        for head in heads:
            breaks = list(verify(head.pk))
            broken += len(breaks)
            for each in breaks:
                self.stderr.write(f"workspace {head.pk}, event {each.number}: {each.why}")
            self.stdout.write(f"workspace {head.pk}: {head.number} events, {len(breaks)} breaks")
        if broken:
            raise CommandError(f"{broken} breaks found")
