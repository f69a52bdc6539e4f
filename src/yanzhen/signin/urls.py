"""Addresses of signing in."""

from __future__ import annotations

from django.urls import path

from yanzhen.signin.views import elsewhere, factors, groups, rules, scim, second

urlpatterns = [
    path("sign-in/second/", second.second_step, name="second-step"),
    path("sign-in/second/leave/", second.give_up, name="second-step-leave"),
    path("sign-in/passkey/", second.passkey, name="passkey-sign-in"),
    path("sign-in/with/<slug:provider_id>/", elsewhere.leave, name="elsewhere"),
    path("sign-in/with/<slug:provider_id>/back/", elsewhere.back, name="elsewhere-back"),
    path("sign-in/with/<slug:provider_id>/answer/", elsewhere.answer, name="elsewhere-answer"),
    path("sign-in/with/<slug:provider_id>/finish/", elsewhere.finish, name="elsewhere-finish"),
    path(
        "sign-in/with/<slug:provider_id>/metadata/", elsewhere.metadata, name="elsewhere-metadata"
    ),
    path("me/second-factor/", factors.second_factor, name="second-factor"),
    path("me/second-factor/app/", factors.app, name="factor-app"),
    path("me/second-factor/passkey/", factors.new_passkey, name="factor-passkey"),
    path("me/second-factor/<int:factor_id>/remove/", factors.factor_remove, name="factor-remove"),
    path("me/second-factor/codes/", factors.recovery_codes, name="recovery-codes"),
    path("me/second-factor/codes.txt", factors.recovery_codes_file, name="recovery-codes-file"),
    path("me/second-factor/codes/new/", factors.recovery_codes_new, name="recovery-codes-new"),
    path("workspace/sign-in/", rules.rules, name="sign-in-rules"),
    path("workspace/sign-in/directory/", rules.directory, name="directory"),
    path("workspace/sign-in/groups/", groups.groups, name="groups"),
    path("workspace/sign-in/groups/newcomers/", groups.newcomers, name="groups-newcomers"),
    path("workspace/sign-in/groups/<int:pk>/end/", groups.group_end, name="group-end"),
    path("scim/v2/ServiceProviderConfig", scim.config, name="scim-config"),
    path("scim/v2/Users", scim.users, name="scim-users"),
    path("scim/v2/Users/<str:pk>", scim.user, name="scim-user"),
    path("scim/v2/Groups", scim.groups, name="scim-groups"),
    path("scim/v2/Groups/<str:pk>", scim.group, name="scim-group"),
    path("workspace/sign-in/<int:member_id>/reset/", rules.reset, name="factor-reset"),
]
