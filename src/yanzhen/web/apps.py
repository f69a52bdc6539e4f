"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell around the rooms."""

    name = "yanzhen.web"
