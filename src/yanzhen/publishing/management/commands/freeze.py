"""``yanzhen freeze``: stop posts from going out. Needs the database only, not the web."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.publishing import shell_targets
from yanzhen.publishing.actions.freezing import freeze_from_shell


class Command(BaseCommand):
    """Close a gate and list what had left before."""

    help = (
        "Stop posts from going out: a workspace, one of its accounts or campaigns, or everything."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to freeze, and why."""
        shell_targets.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Freeze and say what is still in the air."""
        target = shell_targets.find(options)
        try:
            done = freeze_from_shell(target, reason=options["reason"], now=clock.database_now())
        except MoveRefused:
            raise CommandError("It is frozen already.") from None
        self.stdout.write(f"Frozen: {target or 'everything'}. Nothing new goes out.")
        for delivery in done.in_flight:
            self.stdout.write(
                f"  had left before: post {delivery.post_id} on {delivery.account}, "
                f"due {delivery.due_at:%Y-%m-%d %H:%M} UTC"
            )
