"""Addresses of the brand framework."""

from __future__ import annotations

from django.urls import path

from yanzhen.brand.views import drafting, importing, showing

urlpatterns = [
    path("brand/", showing.brand, name="brand"),
    path("brand/rules.csv", showing.export, name="brand-export"),
    path("brand/versions/", showing.versions, name="brand-versions"),
    path("brand/versions/<int:pk>/", showing.version, name="brand-version"),
    path("brand/versions/<int:pk>/restore/", drafting.restore, name="brand-restore"),
    path("brand/draft/", drafting.draft, name="brand-draft"),
    path("brand/draft/publish/", drafting.publish, name="brand-publish"),
    path("brand/draft/discard/", drafting.discard, name="brand-discard"),
    path("brand/draft/trial/", drafting.trial, name="brand-trial"),
    path("brand/rules/new/<slug:kind>/", drafting.rule_new, name="brand-rule-new"),
    path("brand/rules/<int:pk>/", drafting.rule, name="brand-rule"),
    path("brand/rules/<int:pk>/remove/", drafting.rule_remove, name="brand-rule-remove"),
    path("brand/draft/back/", drafting.rule_back, name="brand-rule-back"),
    path("brand/import/", importing.rules_import, name="brand-import"),
    path("brand/import/confirm/", importing.rules_import_confirm, name="brand-import-confirm"),
]
