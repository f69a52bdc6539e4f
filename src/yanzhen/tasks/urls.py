"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from yanzhen.tasks.views import boards, columns, moving, one, parts

urlpatterns = [
    path("tasks/", boards.tasks, name="tasks"),
    path("tasks/new/", one.task_new, name="task-new"),
    path("tasks/columns/", columns.task_columns, name="task-columns"),
    path("tasks/<int:pk>/", one.task, name="task"),
    path("tasks/<int:pk>/edit/", one.task_edit, name="task-edit"),
    path("tasks/<int:pk>/move/", moving.task_move, name="task-move"),
    path("tasks/<int:pk>/delete/", moving.task_archive, name="task-archive"),
    path("tasks/<int:pk>/restore/", moving.task_restore, name="task-restore"),
    path("tasks/<int:pk>/steps/", parts.task_item_add, name="task-item-add"),
    path("tasks/steps/<int:pk>/", parts.task_item, name="task-item"),
    path("tasks/<int:pk>/needs/", parts.task_need_add, name="task-need-add"),
    path("tasks/needs/<int:pk>/", parts.task_need_remove, name="task-need-remove"),
    path("tasks/<int:pk>/posts/", parts.task_link_add, name="task-link-add"),
    path("tasks/posts/<int:pk>/", parts.task_link, name="task-link"),
    path("posts/<int:pk>/tasks/", one.post_tasks, name="post-tasks"),
]
