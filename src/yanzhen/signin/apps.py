"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Second factors, proofs, single sign-on."""

    name = "yanzhen.signin"

    def ready(self) -> None:
        """Register what this room announces."""
        import_module("yanzhen.signin.events")
