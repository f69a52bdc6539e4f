"""``yanzhen freeze``: stop posts from going out. Needs the database only, not web nor worker."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanzhen.kernel import clock
from yanzhen.kernel.text import TextRefused
from yanzhen.publishing import shell_targets
from yanzhen.publishing.actions.freezing import Frozen, freeze_from_shell
from yanzhen.publishing.following import a_worker_runs, follow, line_of
from yanzhen.publishing.freezes import flight_of
from yanzhen.publishing.models import Delivery

STILL_FLYING, NEEDS_A_PERSON = 3, 4
CODES = """Exit codes:
  0  frozen, or frozen already; with --follow also: everything that had left is settled
  1  not frozen, the message says why        2  the words of the command are wrong
  3  frozen; with --follow: something that had left is still unclear
  4  frozen; with --follow: something that had left is held or was refused by X"""


class Command(BaseCommand):
    """Close a gate and list what had left before."""

    help = (
        "Stop posts from going out: a workspace, one of its accounts or campaigns, or everything."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to freeze, why, and whether to wait."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = CODES
        shell_targets.add_arguments(parser)
        parser.add_argument("--reason", default="", help="why; everybody sees it")
        parser.add_argument("--follow", action="store_true", help="follow what had left to its end")
        parser.add_argument(
            "--seconds", type=float, default=900, help="how long to follow (default: 900)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Freeze, say what is still in the air, and follow it when asked."""
        target = shell_targets.find(options)
        try:
            done = freeze_from_shell(target, reason=options["reason"], now=clock.database_now())
        except TextRefused as refused:
            raise CommandError(str(refused)) from None
        self._say(str(target or "everything"), done)
        if options["follow"]:
            self._follow(done, seconds=options["seconds"])

    def _say(self, name: str, done: Frozen) -> None:
        if done.already:
            who = done.gate.changed_by or "the command line"
            self.stdout.write(
                f"Frozen already: {name}, by {who} at {done.gate.changed_at:%Y-%m-%d %H:%M} UTC."
                f" {done.gate.reason}".rstrip()
            )
        else:
            self.stdout.write(f"Frozen: {name}. Nothing new goes out.")
        if not done.in_flight:
            self.stdout.write("Nothing was on its way.")
            return
        self.stdout.write("These had left before and may still appear:")
        for delivery in done.in_flight:
            self.stdout.write(f"{line_of(flight_of(delivery))} Due {delivery.due_at:%H:%M} UTC.")
        if not a_worker_runs(now=clock.database_now()):
            self.stdout.write(
                "No worker runs, so nobody asks X about them: start `yanzhen work`. Under the"
                " freeze it sends nothing."
            )

    def _follow(self, done: Frozen, *, seconds: float) -> None:
        """Follow what is in the air. Raises CommandError with a code of its own."""
        numbers = [delivery.pk for delivery in done.in_flight]
        flying = follow(numbers, seconds=seconds, say=self.stdout.write)
        if flying:
            raise CommandError(
                f"Frozen, and nothing new goes out; {len(flying)} that had left are still unclear.",
                returncode=STILL_FLYING,
            )
        ended = map(flight_of, Delivery.objects.filter(pk__in=numbers).select_related("account"))
        held = sum(flight.outcome == "held" for flight in ended)
        if held:
            raise CommandError(
                f"Frozen, and nothing new goes out; {held} that had left need a person.",
                returncode=NEEDS_A_PERSON,
            )
