"""The ``yanzhen`` command: Django's commands, with hyphens as people type them."""

from __future__ import annotations

import os
import sys

from yanzhen.config import practice
from yanzhen.config.env import BadSetting


def main() -> None:
    """Run one command, e.g. ``yanzhen import-plan FILE``; bad settings end with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
    arguments = list(sys.argv)
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    try:
        if practice.wanted(arguments):
            sys.exit(practice.run(arguments))
        from django.core.management import (  # noqa: PLC0415 -- settings first
            execute_from_command_line,
        )

        execute_from_command_line(arguments)
    except BadSetting as error:
        sys.exit(f"yanzhen: {error}")
