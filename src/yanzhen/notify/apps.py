"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Telling members and the team's other tools."""

    name = "yanzhen.notify"

    def ready(self) -> None:
        """Register whom this room tells, its loops, deeds and sealed columns."""
        import_module("yanzhen.notify.subscribers")
        import_module("yanzhen.notify.loops")
        import_module("yanzhen.notify.actions.acting")
        import_module("yanzhen.notify.sealed")
