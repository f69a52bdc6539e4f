"""Addresses of planning."""

from __future__ import annotations

from django.urls import include, path

from yanzhen.planning.views import (
    attaching,
    brand,
    bulk,
    composer,
    conflicts,
    drafting,
    embargo,
    fate,
    keeping,
    listing,
    recurring,
    scheduling,
    versions,
)

urlpatterns = [
    path("", include("yanzhen.planning.urls_import")),
    path("", include("yanzhen.planning.urls_calendar")),
    path("", include("yanzhen.planning.urls_export")),
    path("", include("yanzhen.planning.urls_writing")),
    path("posts/", listing.posts, name="posts"),
    path("posts/bulk/", bulk.bulk, name="posts-bulk"),
    path("posts/bulk/<int:pk>/undo/", bulk.undo, name="posts-undo"),
    path("posts/views/", keeping.views, name="posts-views"),
    path("posts/views/<int:pk>/", keeping.view, name="posts-view"),
    path("posts/views/<int:pk>/remove/", keeping.view_remove, name="posts-view-remove"),
    path("posts/views/<int:pk>/restore/", keeping.view_restore, name="posts-view-restore"),
    path("posts/views/<int:pk>/first/", keeping.view_first, name="posts-view-first"),
    path("posts/new/", composer.post_new, name="post-new"),
    path("posts/<int:pk>/", composer.post, name="post"),
    path("posts/<int:pk>/draft/", drafting.draft, name="post-draft"),
    path("posts/<int:pk>/merge/", conflicts.merge, name="post-merge"),
    path("posts/<int:pk>/time/", scheduling.post_time, name="post-time"),
    path("posts/<int:pk>/time/clear/", scheduling.post_untime, name="post-untime"),
    path("posts/<int:pk>/again/", recurring.post_recur, name="post-recur"),
    path("posts/<int:pk>/again/clear/", recurring.post_recur_clear, name="post-recur-clear"),
    path("posts/<int:pk>/embargo/", embargo.post_embargo, name="post-embargo"),
    path("posts/<int:pk>/embargo/end/", embargo.post_embargo_end, name="post-embargo-end"),
    path(
        "posts/<int:pk>/embargo/confirm/",
        embargo.post_embargo_confirm,
        name="post-embargo-confirm",
    ),
    path("posts/<int:pk>/embargo/keep/", embargo.post_embargo_keep, name="post-embargo-keep"),
    path("posts/<int:pk>/upload/", attaching.upload, name="post-upload"),
    path("posts/<int:pk>/attach/<int:number>/", attaching.attach, name="post-attach"),
    path(
        "posts/<int:pk>/media/<int:media_pk>/edit/",
        attaching.media_edit,
        name="post-media-edit",
    ),
    path("posts/<int:pk>/brand/", brand.post_let_stand, name="post-let-stand"),
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
