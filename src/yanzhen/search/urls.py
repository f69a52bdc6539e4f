"""Addresses of the search."""

from __future__ import annotations

from django.urls import path

from yanzhen.search.views import finding

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("search/palette/", finding.palette, name="search-palette"),
]
