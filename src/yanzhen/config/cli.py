"""The ``yanzhen`` command: Django's commands, with hyphens as people type them."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command, e.g. ``yanzhen import-plan FILE``; bad settings end with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings first

    from yanzhen.config.env import BadSetting  # noqa: PLC0415 -- settings first

    arguments = list(sys.argv)
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if arguments[1][0] != "-" else arguments[1]
    try:
        execute_from_command_line(arguments)
    except BadSetting as error:
        sys.exit(f"yanzhen: {error}")
