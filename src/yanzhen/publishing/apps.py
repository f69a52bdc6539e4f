"""App configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PublishingConfig(AppConfig):
    """Deliveries to X."""

    name = "yanzhen.publishing"

    def ready(self) -> None:
        """Register what this room announces and listens to."""
        parts = ("events", "subscribers", "deeds", "telling", "best_times", "loops", "errands")
        for part in (*parts, "banners", "standing"):
            import_module(f"yanzhen.publishing.{part}")
        guards = import_module("yanzhen.publishing.guards")
        post_migrate.connect(guards.install_after_migrating, sender=self)
