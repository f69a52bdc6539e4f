"""Pages about accounts."""

from __future__ import annotations

from django.urls import path

from yanzhen.channels import views

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/connect/", views.connect, name="accounts-connect"),
    path("accounts/connect/app/", views.app, name="accounts-app"),
    path("accounts/connect/start/", views.start, name="accounts-start"),
    path("accounts/connect/keys/", views.keys, name="accounts-keys"),
    path("accounts/connected", views.connected, name="accounts-connected"),
    path("accounts/<int:account_id>/", views.account, name="account"),
    path("accounts/<int:account_id>/check/", views.check, name="account-check"),
    path("accounts/<int:account_id>/disconnect/", views.disconnect, name="account-disconnect"),
]
