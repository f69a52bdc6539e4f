"""Addresses of planning."""

from __future__ import annotations

from django.urls import include, path

from yanzhen.planning.views import composer, drafting, fate, listing, scheduling, versions

urlpatterns = [
    path("", include("yanzhen.planning.urls_import")),
    path("", include("yanzhen.planning.urls_calendar")),
    path("posts/", listing.posts, name="posts"),
    path("posts/new/", composer.post_new, name="post-new"),
    path("posts/<int:pk>/", composer.post, name="post"),
    path("posts/<int:pk>/draft/", drafting.draft, name="post-draft"),
    path("posts/<int:pk>/merge/", drafting.merge, name="post-merge"),
    path("posts/<int:pk>/time/", scheduling.post_time, name="post-time"),
    path("posts/<int:pk>/time/clear/", scheduling.post_untime, name="post-untime"),
    path("posts/<int:pk>/details/", fate.post_details, name="post-details"),
    path("posts/<int:pk>/revise/", fate.post_revise, name="post-revise"),
    path("posts/<int:pk>/drop/", fate.post_drop, name="post-drop"),
    path("posts/<int:pk>/copy/", fate.post_copy, name="post-copy"),
    path("posts/<int:pk>/versions/", versions.compare, name="post-compare"),
    path("posts/<int:pk>/versions/save/", versions.version_save, name="version-save"),
    path(
        "posts/<int:pk>/versions/<int:number>/restore/",
        versions.version_restore,
        name="version-restore",
    ),
]
