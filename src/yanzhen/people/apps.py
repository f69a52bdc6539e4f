"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Workspaces, members, roles."""

    name = "yanzhen.people"

    def ready(self) -> None:
        """Register what this room announces."""
        import_module("yanzhen.people.events")
