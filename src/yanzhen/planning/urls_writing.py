"""Addresses of what a team keeps to write with; people look for it beside the library."""

from __future__ import annotations

from django.urls import path

from yanzhen.planning.views import writing_kit

urlpatterns = [
    path("library/endings/", writing_kit.endings, name="endings"),
    path("library/endings/offered/", writing_kit.endings_offered, name="endings-offered"),
    path("library/endings/new/", writing_kit.ending_new, name="ending-new"),
    path("library/endings/<int:pk>/", writing_kit.ending, name="ending"),
    path("library/endings/<int:pk>/remove/", writing_kit.ending_remove, name="ending-remove"),
    path("library/links/", writing_kit.link_rules, name="link-rules"),
    path("library/links/new/", writing_kit.link_rule_new, name="link-rule-new"),
    path("library/links/<int:pk>/", writing_kit.link_rule, name="link-rule"),
    path("library/links/<int:pk>/remove/", writing_kit.link_rule_remove, name="link-rule-remove"),
]
