"""App configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from yanzhen.duty import guards


class DutyConfig(AppConfig):
    """People on duty."""

    name = "yanzhen.duty"

    def ready(self) -> None:
        """Register what this room announces, tells, runs and shows above pages; keep its guards."""
        for part in ("events", "subscribers", "loops", "banners", "holdings", "standing"):
            import_module(f"yanzhen.duty.{part}")
        post_migrate.connect(guards.install_after_migrating, sender=self)
