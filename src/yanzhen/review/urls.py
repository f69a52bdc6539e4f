"""Addresses of review."""

from __future__ import annotations

from django.urls import path

from yanzhen.review.views import desk, fast, flow, rounds

urlpatterns = [
    path("review/", desk.desk, name="review"),
    path("review/flow/", flow.flow, name="review-flow"),
    path("review/fast/", fast.report, name="review-fast"),
    path("review/fast/settings/", fast.settings, name="review-fast-settings"),
    path("review/fast/<int:run_id>/regret/", fast.regret, name="review-fast-regret"),
    path("review/<int:step_id>/", desk.desk, name="review-step"),
    path("review/<int:step_id>/decide/", desk.decide, name="review-decide"),
    path("posts/<int:post_id>/trail/", desk.trail, name="review-trail"),
    path("posts/<int:post_id>/fast/", fast.post_clock, name="review-fast-clock"),
    path("posts/<int:post_id>/submit/", rounds.submit, name="review-submit"),
    path("posts/<int:post_id>/withdraw/", rounds.withdraw, name="review-withdraw"),
]
