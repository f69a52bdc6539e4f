"""App configuration."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Assembly; here for its commands."""

    name = "yanzhen.config"
    label = "yanzhen_config"
