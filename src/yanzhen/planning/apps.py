"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Plans and posts."""

    name = "yanzhen.planning"

    def ready(self) -> None:
        """Register what this room announces, listens to, keeps back, knows and tells."""
        for part in ("events", "veils", "subscribers", "past", "telling", "bulk_verbs"):
            import_module(f"yanzhen.planning.{part}")
