"""What the freeze commands are pointed at, from the words of the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from yanzhen.channels.models import Account
from yanzhen.people.models import Workspace
from yanzhen.planning.models import Campaign
from yanzhen.publishing.actions.freezing import Target


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options both commands share."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--workspace", metavar="SLUG", help="everything of one workspace, or with:")
    what.add_argument("--everything", action="store_true", help="the whole installation")
    parser.add_argument("--account", metavar="HANDLE", help="only this account of the workspace")
    parser.add_argument("--campaign", metavar="CODE", help="only this campaign of the workspace")


def find(options: dict[str, Any]) -> Target | None:
    """Return what the options name, None for everything. Raises CommandError."""
    if options["everything"]:
        if options["account"] or options["campaign"]:
            raise CommandError("Name the workspace instead of --everything to freeze a part of it.")
        return None
    if options["account"] and options["campaign"]:
        raise CommandError("Name an account or a campaign, not both.")
    workspace = Workspace.objects.filter(slug=options["workspace"]).first()
    if workspace is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no workspace {options['workspace']}. Known: {known}.")
    return _part_of(workspace, options) or workspace


def _part_of(workspace: Workspace, options: dict[str, Any]) -> Account | Campaign | None:
    """Return the account or campaign the options name, if any. Raises CommandError."""
    if options["account"]:
        handle = options["account"].removeprefix("@")
        account = Account.objects.filter(workspace=workspace, handle__iexact=handle).first()
        if account is None:
            raise CommandError(f"{workspace.slug} has no account @{handle}.")
        return account
    if options["campaign"]:
        code = options["campaign"]
        campaign = Campaign.objects.filter(workspace=workspace, code=code).first()
        if campaign is None:
            raise CommandError(f"{workspace.slug} has no campaign {code}.")
        return campaign
    return None
