"""Addresses of ideas."""

from __future__ import annotations

from django.urls import path

from yanzhen.ideas.views import board, files, one

urlpatterns = [
    path("ideas/", board.ideas, name="ideas"),
    path("ideas/new/", one.idea_new, name="idea-new"),
    path("ideas/<int:pk>/", one.idea, name="idea"),
    path("ideas/<int:pk>/edit/", one.idea_edit, name="idea-edit"),
    path("ideas/<int:pk>/move/", one.idea_move, name="idea-move"),
    path("ideas/<int:pk>/vote/", one.idea_vote, name="idea-vote"),
    path("ideas/<int:pk>/files/", files.idea_files, name="idea-files"),
    path("ideas/<int:pk>/files/off/", files.idea_file_off, name="idea-file-off"),
    path("ideas/<int:pk>/draft/", one.idea_draft, name="idea-draft"),
    path("posts/<int:pk>/idea/", board.post_idea, name="post-idea"),
]
