"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Second factors, proofs, single sign-on."""

    name = "yanzhen.signin"

    def ready(self) -> None:
        """Register what this room announces, listens to, and knows of who leaves."""
        for part in ("events", "subscribers", "holdings"):
            import_module(f"yanzhen.signin.{part}")
