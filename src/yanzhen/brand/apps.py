"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class BrandConfig(AppConfig):
    """What the brand says and never says."""

    name = "yanzhen.brand"

    def ready(self) -> None:
        """Register what this room announces."""
        import_module("yanzhen.brand.events")
