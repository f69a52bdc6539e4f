"""Addresses of publishing's pages."""

from __future__ import annotations

from django.urls import path

from yanzhen.publishing.views import archive, failures, freezing, pane, thawing

urlpatterns = [
    path("failures/", failures.failures, name="failures"),
    path("failures/<int:pk>/confirm/", failures.confirm, name="failure-confirm"),
    path("failures/<int:pk>/again/", failures.again, name="failure-again"),
    path("failures/<int:pk>/drop/", failures.drop, name="failure-drop"),
    path("posts/<int:pk>/hold/", failures.hold, name="post-hold"),
    path("posts/<int:pk>/publish/", failures.publish_now, name="post-publish"),
    path("posts/<int:pk>/delivery/", pane.pane, name="post-delivery"),
    path("archive/", archive.archive, name="archive"),
    path("freeze/", freezing.freeze, name="freeze"),
    path("freeze/close/", freezing.close, name="freeze-close"),
    path("freeze/<int:pk>/", thawing.thaw, name="thaw"),
    path("freeze/<int:pk>/ask/", thawing.ask, name="thaw-ask"),
    path("freeze/<int:pk>/confirm/", thawing.confirm, name="thaw-confirm"),
    path("freeze/<int:pk>/refuse/", thawing.refuse, name="thaw-refuse"),
    path("freeze/<int:pk>/withdraw/", thawing.withdraw, name="thaw-withdraw"),
]
