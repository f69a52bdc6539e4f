"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from yanzhen.signin.providers import providers


class SigninConfig(AppConfig):
    """Second factors, proofs, single sign-on."""

    name = "yanzhen.signin"

    def ready(self) -> None:
        """Register what this room announces; refuse to start with providers nobody can read."""
        import_module("yanzhen.signin.events")
        providers()
