"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Notices to members."""

    name = "yanzhen.notify"

    def ready(self) -> None:
        """Register this room's loop."""
        import_module("yanzhen.notify.loops")
