"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The team's media files."""

    name = "yanzhen.library"

    def ready(self) -> None:
        """Register what this room announces and its loop."""
        import_module("yanzhen.library.events")
        import_module("yanzhen.library.loops")
        import_module("yanzhen.library.holdings")
