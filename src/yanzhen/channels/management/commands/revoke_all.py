"""``yanzhen revoke-all``: disconnect every X account and void all keys at X, at once."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.channels import closing, voiding
from yanzhen.channels.actions.leaving import revoke_all
from yanzhen.channels.models import Account, Errand
from yanzhen.channels.running import run_waiting
from yanzhen.channels.states import AccountState, ErrandState
from yanzhen.kernel import clock
from yanzhen.people.models import Workspace

#: How long the command waits for X and for workers that have taken some of it.
PATIENCE_SECONDS = 90.0


class Command(BaseCommand):
    """Disconnect, void, and report each account."""

    help = "Disconnect every X account of one workspace or of all, void the keys at X, report each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the workspace and the answer to the question."""
        parser.add_argument("--workspace", metavar="SLUG", help="only this one; all without it")
        parser.add_argument("--yes", action="store_true", help="do not ask first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, disconnect, void, report; exit code 1 while some keys may still be good."""
        workspaces = self._workspaces(options["workspace"])
        accounts = Account.objects.filter(workspace__in=workspaces).exclude(
            state=AccountState.DISCONNECTED
        )
        count = accounts.count()
        names = ", ".join(workspace.slug for workspace in workspaces)
        if not options["yes"]:
            self._ask(count, names)
        errands = []
        for workspace in workspaces:
            errands += revoke_all(workspace, by=None, now=clock.database_now())
        self.stdout.write(
            f"{count} accounts of {names} are disconnected. Nothing goes out to them."
        )
        self._void(errands)
        self._report(errands)

    def _workspaces(self, slug: str | None) -> list[Workspace]:
        found = Workspace.objects.order_by("slug")
        if slug is None:
            return list(found)
        workspaces = list(found.filter(slug=slug))
        if not workspaces:
            known = ", ".join(found.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no workspace {slug!r}. Known: {known}.")
        return workspaces

    def _ask(self, count: int, names: str) -> None:
        self.stdout.write(f"This disconnects {count} accounts of: {names}.")
        try:
            said = input("Type yes to go on: ")
        except EOFError:
            said = ""
        if said.strip() != "yes":
            raise CommandError("Nothing was changed. Add --yes to go on without this question.")

    def _void(self, errands: list[Errand]) -> None:
        """Void the keys here, or wait for the workers, until all is answered or time is up."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        open_ones = Errand.objects.filter(
            pk__in=[errand.pk for errand in errands],
            state__in=[ErrandState.ASKED, ErrandState.DOING],
        )
        while open_ones.exists() and time.monotonic() < deadline:
            done = 0 if closing.is_closed() else run_waiting(clock.database_now())
            if not done:
                time.sleep(0.2)

    def _report(self, errands: list[Errand]) -> None:
        left = 0
        for errand in errands:
            errand.refresh_from_db()
            report = voiding.report_of(errand)
            left += not report.safe
            self.stdout.write(f"{errand.account}: {report.title}")
            for step in report.steps:
                self.stdout.write(f"    {step}")
        if left:
            raise CommandError(f"{left} of {len(errands)} accounts need a hand; see above.")
