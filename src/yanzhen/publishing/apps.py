"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Deliveries to X."""

    name = "yanzhen.publishing"

    def ready(self) -> None:
        """Register what this room announces and listens to."""
        for part in ("events", "subscribers", "loops", "errands"):
            import_module(f"yanzhen.publishing.{part}")
