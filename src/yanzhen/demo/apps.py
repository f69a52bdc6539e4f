"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo brand."""

    name = "yanzhen.demo"
