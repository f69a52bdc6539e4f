"""The room's registration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """X accounts and the keys to them."""

    name = "yanzhen.channels"

    def ready(self) -> None:
        """Register what the room announces, its loops, its errands and its accounts."""
        import_module("yanzhen.channels.loops")
        import_module("yanzhen.channels.runs")
        import_module("yanzhen.channels.placing")
