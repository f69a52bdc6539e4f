"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Plans and posts."""

    name = "yanzhen.planning"

    def ready(self) -> None:
        """Register what this room announces and listens to, knows and tells."""
        import_module("yanzhen.planning.events")
        import_module("yanzhen.planning.past")
        import_module("yanzhen.planning.subscribers")
        import_module("yanzhen.planning.telling")
