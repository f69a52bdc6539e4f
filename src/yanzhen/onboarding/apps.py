"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """The first hour."""

    name = "yanzhen.onboarding"

    def ready(self) -> None:
        """Register what this room announces."""
        import_module("yanzhen.onboarding.events")
