"""Addresses of review."""

from __future__ import annotations

import re

from django.urls import path

from yanzhen.review.views import desk, fast, flow, guest_page, guests, rounds, ways

_GUEST_FILES = re.compile(r"/guest/[^/]+/media/\d+/(?:small/)?")


def carries_guest_file(address: str) -> bool:
    """Tell whether a request for that path may take as long as a large file takes."""
    return _GUEST_FILES.fullmatch(address) is not None


urlpatterns = [
    path("review/", desk.desk, name="review"),
    path("review/flow/", flow.flow, name="review-flow"),
    path("review/way/", ways.way, name="review-way"),
    path("review/fast/", fast.report, name="review-fast"),
    path("review/fast/settings/", fast.settings, name="review-fast-settings"),
    path("review/fast/<int:run_id>/regret/", fast.regret, name="review-fast-regret"),
    path("review/guests/<int:pk>/revoke/", guests.revoke, name="review-guest-revoke"),
    path("review/<int:step_id>/", desk.desk, name="review-step"),
    path("review/<int:step_id>/decide/", desk.decide, name="review-decide"),
    path("posts/<int:post_id>/trail/", desk.trail, name="review-trail"),
    path("posts/<int:post_id>/fast/", fast.post_clock, name="review-fast-clock"),
    path("posts/<int:post_id>/guests/", guests.guests, name="review-guests"),
    path("posts/<int:post_id>/submit/", rounds.submit, name="review-submit"),
    path("posts/<int:post_id>/withdraw/", rounds.withdraw, name="review-withdraw"),
    path("guest/<str:secret>/", guest_page.guest, name="guest"),
    path("guest/<str:secret>/decide/", guest_page.decide, name="guest-decide"),
    path("guest/<str:secret>/comment/", guest_page.remark, name="guest-comment"),
    path("guest/<str:secret>/media/<int:pk>/", guest_page.media, name="guest-media"),
    path("guest/<str:secret>/media/<int:pk>/small/", guest_page.thumbnail, name="guest-thumbnail"),
]
