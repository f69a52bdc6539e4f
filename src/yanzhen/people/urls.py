"""Pages about people. Every view has its door; the account library serves none itself."""

from __future__ import annotations

from django.urls import path

from yanzhen.people.views import (
    decisions,
    delegations,
    getting_in,
    invitations,
    leaving,
    own,
    roles,
    team,
)

urlpatterns = [
    path("sign-in/", getting_in.sign_in, name="sign-in"),
    path("sign-out/", getting_in.sign_out, name="sign-out"),
    path("password/forgotten/", getting_in.forgotten, name="forgotten"),
    path("password/new/<str:uid>/<str:token>/", getting_in.reset_password, name="reset-password"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("me/", own.profile, name="profile"),
    path("me/password/", getting_in.password, name="password"),
    path("me/sessions/", own.sessions, name="sessions"),
    path("me/sessions/end-others/", own.sessions_end, name="sessions-end"),
    path("me/sessions/<int:session_id>/end/", own.session_end, name="session-end"),
    path("workspaces/", own.workspaces, name="workspaces"),
    path("workspace/", team.workspace_settings, name="workspace"),
    path("team/", team.team, name="team"),
    path("team/lead/", team.lead, name="lead"),
    path("team/invite/", invitations.invite, name="invite"),
    path("team/invitations/<int:invitation_id>/withdraw/", invitations.withdraw, name="withdraw"),
    path("team/roles/", roles.roles, name="roles"),
    path("team/roles/new/", roles.role_new, name="role-new"),
    path("team/roles/<int:role_id>/", roles.role, name="role"),
    path("team/roles/<int:role_id>/retire/", roles.role_retire, name="role-retire"),
    path("team/roles/<int:role_id>/return/", roles.role_return, name="role-return"),
    path("team/decisions/", decisions.decisions, name="decisions"),
    path("team/decisions/<slug:slug>/", decisions.settle, name="decision-settle"),
    path("team/decisions/<slug:slug>/back/", decisions.settle_undo, name="decision-settle-back"),
    path("team/delegations/", delegations.delegations, name="delegations"),
    path("team/delegations/<int:pk>/end/", delegations.delegation_end, name="delegation-end"),
    path("team/<int:member_id>/", team.member, name="member"),
    path("team/<int:member_id>/roles/", team.roles_of, name="member-roles"),
    path("team/<int:member_id>/remove/", team.remove, name="member-remove"),
    path("team/<int:member_id>/leaving/", leaving.leaving, name="member-leaving"),
    path("team/<int:member_id>/return/", team.bring_back, name="member-return"),
]
