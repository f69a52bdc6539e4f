"""Addresses of notices, of how people are told, and of what the outside calls."""

from __future__ import annotations

from django.urls import path

from yanzhen.notify.views import browsers, deeds, letters, notices, outlets, slack_calls, telling

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/seen/", notices.notices_seen, name="notices-seen"),
    path("me/telling/", telling.telling, name="telling"),
    path("me/telling/slack/", telling.slack_ask, name="slack-ask"),
    path("me/telling/slack/unlink/", telling.slack_unlink, name="slack-unlink"),
    path("me/telling/slack/<str:token>/", telling.slack_link, name="slack-link"),
    path("me/telling/browsers/", browsers.browser_add, name="browser-add"),
    path("me/telling/browsers/<int:pk>/remove/", browsers.browser_remove, name="browser-remove"),
    path("push-worker.js", browsers.push_worker, name="push-worker"),
    path("outlets/", outlets.outlets, name="outlets"),
    path("outlets/slack/", outlets.slack, name="outlets-slack"),
    path("outlets/slack/disconnect/", outlets.slack_disconnect, name="slack-disconnect"),
    path("outlets/new/<slug:kind>/", outlets.outlet_new, name="outlet-new"),
    path("outlets/<int:pk>/", outlets.outlet, name="outlet"),
    path("outlets/<int:pk>/test/", outlets.outlet_test, name="outlet-test"),
    path("outlets/<int:pk>/secret/", outlets.outlet_secret, name="outlet-secret"),
    path("outlets/<int:pk>/remove/", outlets.outlet_remove, name="outlet-remove"),
    path("letters/", letters.letters, name="letters"),
    path("letters/again/", letters.letters_again, name="letters-again"),
    path("letters/<int:pk>/again/", letters.letter_again, name="letter-again"),
    path("do/<str:token>/", deeds.deed, name="deed"),
    path("slack/<slug:key>/", slack_calls.slack_calls, name="slack-calls"),
]
