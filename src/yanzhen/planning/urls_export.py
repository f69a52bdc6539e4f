"""Addresses of files, links and paper; planning's urls include them."""

from __future__ import annotations

from django.urls import path

from yanzhen.planning.views import calendar_links, exporting, printing

urlpatterns = [
    path("plan/export/", exporting.plan_export, name="plan-export"),
    path("calendar/print/", printing.calendar_print, name="calendar-print"),
    path("calendar/links/", calendar_links.calendar_links, name="calendar-links"),
    path(
        "calendar/links/<int:pk>/revoke/",
        calendar_links.calendar_link_revoke,
        name="calendar-link-revoke",
    ),
    path("calendar/feed/<str:secret>.ics", calendar_links.calendar_feed, name="calendar-feed"),
]
