"""Addresses of the import page; planning's urls include them."""

from __future__ import annotations

from django.urls import path

from yanzhen.planning.views.importing import plan_import, plan_import_blank, plan_import_confirm

urlpatterns = [
    path("plan/import/", plan_import, name="plan-import"),
    path("plan/import/confirm/", plan_import_confirm, name="plan-import-confirm"),
    path("plan/import/blank.<str:kind>", plan_import_blank, name="plan-import-blank"),
]
