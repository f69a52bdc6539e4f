"""Addresses of the first hour and of help."""

from __future__ import annotations

from django.urls import path

from yanzhen.onboarding.views import help as helping
from yanzhen.onboarding.views import start, steps, turning

urlpatterns = [
    path("start/", start.start, name="start"),
    path("start/workspace/", steps.workspace, name="start-workspace"),
    path("start/people/", steps.people, name="start-people"),
    path("start/places/", steps.places, name="start-places"),
    path("start/way/", turning.way, name="start-way"),
    path("start/account/", turning.account, name="start-account"),
    path("start/words/", steps.words, name="start-words"),
    path("start/theme/", steps.theme, name="start-theme"),
    path("start/list/hide/", start.hide, name="start-hide"),
    path("start/list/show/", start.show, name="start-show"),
    path("start/own/<slug:slug>/", start.tick, name="start-tick"),
    path("start/own/<slug:slug>/back/", start.untick, name="start-untick"),
    path("start/<slug:slug>/skip/", start.skip, name="start-skip"),
    path("help/", helping.help_index, name="help"),
    path("help/<slug:name>/", helping.help_topic, name="help-topic"),
]
