"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Plans and posts."""

    name = "yanzhen.planning"

    def ready(self) -> None:
        """Register what this room announces, listens to, keeps back, knows and tells."""
        told = ("veils", "subscribers", "past", "telling", "bulk_verbs", "holdings")
        for part in ("events", "events_days", *told):
            import_module(f"yanzhen.planning.{part}")
