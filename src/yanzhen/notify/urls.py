"""Addresses of the notices."""

from __future__ import annotations

from django.urls import path

from yanzhen.notify.views import notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/seen/", notices.notices_seen, name="notices-seen"),
]
