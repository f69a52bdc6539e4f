"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from yanzhen.planning.views import (
    calendar,
    calendar_moves,
    calendar_settings,
    days,
    slots,
    slots_copying,
)

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/theme/", calendar.calendar_theme, name="calendar-theme"),
    path("calendar/focus/", calendar.calendar_focus, name="calendar-focus"),
    path("calendar/settings/", calendar_settings.calendar_settings, name="calendar-settings"),
    path("calendar/settings/holidays/", days.country_add, name="holidays-add"),
    path(
        "calendar/settings/holidays/<str:code>/remove/", days.country_remove, name="holidays-remove"
    ),
    path("calendar/settings/days/", days.team_day_add, name="team-day-add"),
    path("calendar/settings/days/<int:pk>/remove/", days.team_day_remove, name="team-day-remove"),
    path("calendar/slots/new/", slots.slot_new, name="slot-new"),
    path("calendar/slots/copy/", slots_copying.slots_copy, name="slots-copy"),
    path("calendar/slots/copy/undo/", slots_copying.slots_uncopy, name="slots-uncopy"),
    path("calendar/slots/<int:pk>/", slots.slot, name="slot"),
    path("calendar/slots/<int:pk>/move/", slots.slot_move, name="slot-move"),
    path("calendar/slots/<int:pk>/fill/", slots.slot_fill, name="slot-fill"),
    path("calendar/slots/<int:pk>/remove/", slots.slot_remove, name="slot-remove"),
    path("calendar/slots/<int:pk>/restore/", slots.slot_restore, name="slot-restore"),
    path("posts/<int:pk>/move/", calendar_moves.post_move, name="post-move"),
]
