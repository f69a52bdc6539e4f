"""Addresses of publishing's pages."""

from __future__ import annotations

from django.urls import path

from yanzhen.publishing.views import (
    archive,
    editing,
    failures,
    freezing,
    looking,
    missed,
    money,
    pane,
    removing,
    resolving,
    thawing,
)

urlpatterns = [
    path("failures/", failures.failures, name="failures"),
    path("failures/<int:pk>/", failures.failures, name="failure"),
    path("failures/<int:pk>/ask/", resolving.ask, name="failure-ask"),
    path("failures/<int:pk>/confirm/", resolving.confirm, name="failure-confirm"),
    path("failures/<int:pk>/again/", resolving.again, name="failure-again"),
    path("failures/<int:pk>/propose/", resolving.propose, name="failure-propose"),
    path("failures/<int:pk>/second/", resolving.second, name="failure-second"),
    path("failures/<int:pk>/withdraw/", resolving.withdraw, name="failure-withdraw"),
    path("failures/<int:pk>/time/", resolving.reschedule, name="failure-time"),
    path("failures/<int:pk>/back/", resolving.back, name="failure-back"),
    path("failures/<int:pk>/drop/", resolving.drop, name="failure-drop"),
    path("failures/missed/<int:account_id>/", missed.missed, name="missed"),
    path("failures/missed/<int:account_id>/time/", missed.reschedule, name="missed-time"),
    path("failures/missed/<int:account_id>/drop/", missed.drop, name="missed-drop"),
    path("deliveries/<int:pk>/remove/", removing.remove, name="delivery-remove"),
    path("deliveries/<int:pk>/edit/", editing.edit, name="delivery-edit"),
    path("posts/<int:pk>/repost/", editing.repost, name="post-repost"),
    path("posts/<int:pk>/hold/", pane.hold, name="post-hold"),
    path("posts/<int:pk>/publish/", pane.publish_now, name="post-publish"),
    path("posts/<int:pk>/delivery/", pane.pane, name="post-delivery"),
    path("last-look/", looking.last_look, name="last-look"),
    path("last-look/<int:pk>/", looking.last_look, name="look"),
    path("last-look/<int:pk>/clear/", looking.let_out, name="look-clear"),
    path("last-look/<int:pk>/back/", looking.back, name="look-back"),
    path("last-look/<int:pk>/hold/", looking.hold, name="look-hold"),
    path("money/", money.money, name="money"),
    path("money/<int:pk>/budget/", money.budget, name="money-budget"),
    path("money/app/<int:pk>/resume/", money.resume, name="money-resume"),
    path("archive/", archive.archive, name="archive"),
    path("freeze/", freezing.freeze, name="freeze"),
    path("freeze/close/", freezing.close, name="freeze-close"),
    path("freeze/<int:pk>/", thawing.thaw, name="thaw"),
    path("freeze/<int:pk>/ask/", thawing.ask, name="thaw-ask"),
    path("freeze/<int:pk>/confirm/", thawing.confirm, name="thaw-confirm"),
    path("freeze/<int:pk>/refuse/", thawing.refuse, name="thaw-refuse"),
    path("freeze/<int:pk>/withdraw/", thawing.withdraw, name="thaw-withdraw"),
]
