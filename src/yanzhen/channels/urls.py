"""Pages about accounts."""

from __future__ import annotations

from django.urls import path

from yanzhen.channels.views import accounts, connect, errands, health

urlpatterns = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", connect.connect, name="accounts-connect"),
    path("accounts/connect/app/", connect.app, name="accounts-app"),
    path("accounts/connect/start/", connect.start, name="accounts-start"),
    path("accounts/connect/keys/", connect.keys, name="accounts-keys"),
    path("accounts/connect/practice/", connect.practice, name="accounts-practice"),
    path("accounts/connected", connect.connected, name="accounts-connected"),
    path("accounts/health/", health.health, name="accounts-health"),
    path("accounts/revoke-all/", health.revoke_all, name="accounts-revoke-all"),
    path("accounts/errands/<str:key>/", errands.errand, name="accounts-errand"),
    path("accounts/<int:account_id>/", accounts.account, name="account"),
    path("accounts/<int:account_id>/confirm/", accounts.confirm, name="account-confirm"),
    path("accounts/<int:account_id>/picture/", accounts.picture, name="account-picture"),
    path("accounts/<int:account_id>/check/", accounts.check, name="account-check"),
    path("accounts/<int:account_id>/disconnect/", accounts.disconnect, name="account-disconnect"),
]
