"""App configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from yanzhen.people import guards


class PeopleConfig(AppConfig):
    """Workspaces, members, roles."""

    name = "yanzhen.people"

    def ready(self) -> None:
        """Register what this room announces, runs and hands over; keep its guard."""
        import_module("yanzhen.people.events")
        import_module("yanzhen.people.loops")
        import_module("yanzhen.people.invited")
        post_migrate.connect(guards.install_after_migrating, sender=self)
