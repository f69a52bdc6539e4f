"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Loops and the worker."""

    name = "yanzhen.jobs"
