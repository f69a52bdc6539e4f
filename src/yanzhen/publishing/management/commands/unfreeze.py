"""``yanzhen unfreeze``: let posts go out again after a freeze."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.publishing import shell_targets
from yanzhen.publishing.actions.freezing import unfreeze_from_shell


class Command(BaseCommand):
    """Open a gate; what was missed waits for a person."""

    help = "Lift a freeze. Posts that missed their time are held for a person, never sent late."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to open, and why."""
        shell_targets.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Lift the freeze and say how many posts wait for a person."""
        target = shell_targets.find(options)
        try:
            held = unfreeze_from_shell(target, reason=options["reason"], now=clock.database_now())
        except MoveRefused:
            raise CommandError("It is not frozen.") from None
        self.stdout.write(
            f"Lifted: {target or 'everything'}. {held} missed posts wait for a person."
        )
