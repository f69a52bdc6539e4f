"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The spine."""

    name = "yanzhen.activity"

    def ready(self) -> None:
        """Register this room's loops."""
        import_module("yanzhen.activity.loops")
