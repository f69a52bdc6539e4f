"""Addresses of the frame."""

from __future__ import annotations

from django.urls import path

from yanzhen.web.views import log, small, today

urlpatterns = [
    path("", today.today, name="today"),
    path("more/", small.more, name="more"),
    path("frame/", small.frame, name="frame"),
    path("language/", small.language, name="language"),
    path("health", small.health, name="health"),
    path("activity/", log.log, name="activity"),
    path("activity.csv", log.log_csv, name="activity-csv"),
]
