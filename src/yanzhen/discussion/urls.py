"""Addresses of discussions."""

from __future__ import annotations

from django.urls import path

from yanzhen.discussion.views import being_here, talking

urlpatterns = [
    path("posts/<int:pk>/discussion/", talking.post_discussion, name="post-discussion"),
    path("posts/<int:pk>/discussion/new/", talking.discussion_new, name="discussion-new"),
    path("posts/<int:pk>/here/", being_here.post_here, name="post-here"),
    path("posts/<int:pk>/take-over/", being_here.post_take_over, name="post-take-over"),
    path("discussions/<int:pk>/answer/", talking.discussion_answer, name="discussion-answer"),
    path("discussions/<int:pk>/resolve/", talking.discussion_resolve, name="discussion-resolve"),
    path("discussions/<int:pk>/reopen/", talking.discussion_reopen, name="discussion-reopen"),
    path("comments/<int:pk>/change/", talking.comment_change, name="comment-change"),
    path("comments/<int:pk>/remove/", talking.comment_remove, name="comment-remove"),
    path("comments/<int:pk>/restore/", talking.comment_restore, name="comment-restore"),
]
