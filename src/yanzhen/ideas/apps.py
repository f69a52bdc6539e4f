"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    """Ideas and briefs."""

    name = "yanzhen.ideas"

    def ready(self) -> None:
        """Register what this room announces, whom it tells, and what it has in other rooms."""
        for part in ("events", "subscribers", "dated", "telling", "holdings"):
            import_module(f"yanzhen.ideas.{part}")
