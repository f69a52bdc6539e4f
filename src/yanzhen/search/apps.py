"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Finding anything the team has, from anywhere."""

    name = "yanzhen.search"
