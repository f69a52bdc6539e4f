"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks around the posts."""

    name = "yanzhen.tasks"

    def ready(self) -> None:
        """Register what this room announces, listens to, shows elsewhere, and its loop."""
        for part in ("events", "subscribers", "loops", "dated", "made", "holdings"):
            import_module(f"yanzhen.tasks.{part}")
