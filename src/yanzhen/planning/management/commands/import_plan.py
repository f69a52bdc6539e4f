"""``yanzhen import-plan FILE``: import a content plan, or only check it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.kernel.clock import now
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.actions.importing import PlanRefused, import_plan
from yanzhen.planning.importing.dates import DateOrder
from yanzhen.planning.importing.plan import Plan, Source, check_plan
from yanzhen.planning.importing.readers import FileRefused


class Command(BaseCommand):
    """Check a file row by row, then import all of it or nothing."""

    help = (
        "Import a content plan from CSV or XLSX: own columns, Hootsuite, Sprout Social or Buffer. "
        "Prints what is wrong, line by line, and imports only when every row can be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the workspace, who imports, and what the file leaves open."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, help="slug of the workspace")
        parser.add_argument("--by", required=True, help="email of the member who imports")
        parser.add_argument("--account", default="", help="handle, for files that name none")
        parser.add_argument(
            "--dates",
            choices=[order.value for order in DateOrder],
            default=DateOrder.FILE.value,
            help="whether dates with slashes have the day or the month first",
        )
        parser.add_argument("--dry-run", action="store_true", help="check only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each error; raise CommandError when nothing was imported."""
        by = self._member(options["workspace"], options["by"])
        source = Source(
            name=options["file"].name,
            content=self._content(options["file"]),
            account=options["account"],
            order=DateOrder(options["dates"]),
        )
        try:
            if options["dry_run"]:
                plan = check_plan(source, viewer=by, now=now())
                self._report(plan)
                if plan.refused:
                    raise CommandError(
                        f"{len(plan.refused)} of {len(plan.posts)} rows have errors."
                    )
                self.stdout.write(f"{len(plan.posts)} rows can be imported. Nothing was written.")
                return
            posts = import_plan(source=source, by=by, now=now())
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        except NotAllowed as refused:
            raise CommandError(f"{options['by']} may not do this: {refused}") from refused
        except PlanRefused as refused:
            self._report(refused.plan)
            raise CommandError(f"{refused}. Nothing was imported.") from refused
        self.stdout.write(f"{len(posts)} posts imported as drafts.")

    def _member(self, slug: str, email: str) -> Member:
        members = Member.objects.active().with_roles().select_related("workspace")
        found = members.filter(workspace__slug=slug, user__email=email.strip().lower()).first()
        if found is None:
            raise CommandError(f"{email} is no active member of a workspace called {slug}.")
        return found

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as wrong:
            raise CommandError(f"{path} cannot be read: {wrong.strerror}.") from wrong

    def _report(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.table.format}, {plan.table.read_as}, {len(plan.posts)} rows")
        for planned in plan.refused:
            for error in planned.errors:
                self.stderr.write(f"line {planned.row.line}: {error}")
        for planned in plan.doubtful:
            for warning in planned.warnings:
                self.stdout.write(f"line {planned.row.line}: {warning}")
