"""Addresses of the frame."""

from __future__ import annotations

from django.urls import path

from yanzhen.web.views import log, small

urlpatterns = [
    path("more/", small.more, name="more"),
    path("language/", small.language, name="language"),
    path("health", small.health, name="health"),
    path("activity/", log.log, name="activity"),
    path("activity.csv", log.log_csv, name="activity-csv"),
]
