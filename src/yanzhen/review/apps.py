"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Three-level review."""

    name = "yanzhen.review"

    def ready(self) -> None:
        """Register what this room announces, hears, tells and offers, and its loop."""
        import_module("yanzhen.review.events")
        import_module("yanzhen.review.subscribers")
        import_module("yanzhen.review.loops")
        import_module("yanzhen.review.bulk")
        import_module("yanzhen.review.standing")
        import_module("yanzhen.review.deeds")
