"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Handing over the lead."""

    name = "yanzhen.handoff"

    def ready(self) -> None:
        """Register what this room announces, listens to, tells and hands over, and its loop."""
        for part in ("events", "subscribers", "deeds", "loops", "holdings"):
            import_module(f"yanzhen.handoff.{part}")
