"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    """Talking about a post."""

    name = "yanzhen.discussion"

    def ready(self) -> None:
        """Register what this room announces, whom it tells, its loop, and what it counts."""
        for part in ("events", "subscribers", "loops", "counting"):
            import_module(f"yanzhen.discussion.{part}")
