"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from yanzhen.planning.views import calendar, calendar_moves

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/theme/", calendar.calendar_theme, name="calendar-theme"),
    path("calendar/focus/", calendar.calendar_focus, name="calendar-focus"),
    path("posts/<int:pk>/move/", calendar_moves.post_move, name="post-move"),
]
