from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from yanzhen.kernel import clock
from yanzhen.people.actions.invitations import (
    GOOD_FOR,
    AlreadyMember,
    InvitationClosed,
    OtherPerson,
    accept_invitation,
    invite_member,
    join_workspace,
    withdraw_invitation,
)
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Invitation, Member, Role, User
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, make_user
from yanzhen.people.tests.told import kinds, last_sentence

PASSWORD = "formation-at-dawn-7"


def invite(cast, *, by=None, role="creator", email="Ida@Example.com", now=NOW):
    return invite_member(
        cast.workspace,
        email=email,
        name="Ida",
        language="zh-hans",
        role=cast.workspace.roles.get(slug=role),
        by=by or cast.admin,
        now=now,
    )


def accept(invitation, *, now=NOW):
    return accept_invitation(
        invitation, name="Ida", password=PASSWORD, zone="Asia/Tokyo", language="en", now=now
    )


def test_invite_member_records_and_stores_no_secret(cast):
    invitation, token = invite(cast)
    assert invitation.email == "ida@example.com"
    assert token not in str(vars(Invitation.objects.get()))
    assert last_sentence(cast.workspace) == "Sam invited ida@example.com as Creator"


def test_invite_member_without_the_right_is_refused(cast):
    with pytest.raises(NotAllowed):
        invite(cast, by=cast.zhou)
    assert not Invitation.objects.exists()


def test_invite_member_as_more_than_yourself_needs_the_larger_right(cast):
    with pytest.raises(NotAllowed) as refused:
        invite(cast, by=cast.lin, role="administrator")
    assert refused.value.decision == Decision.MEMBER_ROLES
    invite(cast, by=cast.lin, role="creator")


def test_invite_member_with_another_workspaces_role_is_refused(cast):
    with pytest.raises(Role.DoesNotExist):
        invite_member(
            cast.workspace,
            email="ida@example.com",
            name="",
            language="en",
            role=cast.wu.workspace.roles.get(slug="creator"),
            by=cast.admin,
            now=NOW,
        )


def test_invite_member_who_is_or_was_one_is_refused(cast):
    with pytest.raises(AlreadyMember):
        invite(cast, email="zhou@example.com")
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(AlreadyMember):
        invite(cast, email="zhou@example.com")


def test_invite_member_again_closes_the_earlier_link(cast):
    first, _token = invite(cast)
    invite(cast)
    with pytest.raises(InvitationClosed) as closed:
        accept(first)
    assert closed.value.reason == "withdrawn"


def test_withdraw_invitation_closes_it_once(cast):
    invitation, _token = invite(cast)
    withdraw_invitation(invitation, by=cast.lin, now=NOW)
    assert kinds(cast.workspace)[-1] == "people.invitation_withdrawn"
    with pytest.raises(InvitationClosed):
        withdraw_invitation(invitation, by=cast.lin, now=NOW)
    with pytest.raises(InvitationClosed):
        accept(invitation)


def test_withdraw_invitation_without_the_right_is_refused(cast):
    invitation, _token = invite(cast)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation, by=cast.zhou, now=NOW)


def test_accept_invitation_makes_a_member_once(cast):
    invitation, _token = invite(cast)
    member = accept(invitation)
    assert (member.user.email, member.user.zone) == ("ida@example.com", "Asia/Tokyo")
    assert member.primary_role.slug == "creator"
    assert kinds(cast.workspace)[-1] == "people.member_joined"
    with pytest.raises(InvitationClosed) as closed:
        accept(invitation)
    assert closed.value.reason == "taken"
    assert User.objects.filter(email="ida@example.com").count() == 1


def test_accept_invitation_on_its_last_second_and_after(cast):
    invitation, _token = invite(cast)
    with pytest.raises(InvitationClosed) as closed:
        accept(invitation, now=NOW + GOOD_FOR)
    assert closed.value.reason == "expired"
    assert accept(invitation, now=NOW + GOOD_FOR - timedelta(microseconds=1))


def test_accept_invitation_for_an_address_with_an_account_changes_nothing(cast):
    make_user("Ida")
    invitation, _token = invite(cast)
    with pytest.raises(OtherPerson):
        accept(invitation)
    assert Invitation.objects.get().taken_at is None


def test_join_workspace_brings_an_existing_user(cast):
    invitation, _token = invite(cast, email="wu@example.com")
    member = join_workspace(invitation, user=cast.wu.user, now=NOW)
    assert member.workspace_id == cast.workspace.pk


def test_join_workspace_with_another_address_is_refused(cast):
    invitation, _token = invite(cast)
    with pytest.raises(OtherPerson):
        join_workspace(invitation, user=cast.wu.user, now=NOW)


def test_join_workspace_brings_no_removed_member_back(cast):
    invitation, _token = invite(cast, email="wu@example.com")
    member = join_workspace(invitation, user=cast.wu.user, now=NOW)
    Invitation.objects.update(taken_at=None)
    deactivate_member(member, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(InvitationClosed) as closed:
        join_workspace(Invitation.objects.get(), user=cast.wu.user, now=NOW)
    assert closed.value.reason == "removed"


def post_invite(client, cast, **more):
    role = cast.workspace.roles.get(slug="creator")
    form = {"email": "ida@example.com", "role": role.pk, "language": "zh-hans", **more}
    return client.post("/team/invite/", form)


def link_in(answer):
    return "/" + answer.context["link"].split("/", 3)[3]


def test_invite_page_mails_and_shows_the_link_once(cast, sign_in):
    client = sign_in(cast.admin)
    answer = post_invite(client, cast)
    assert answer.status_code == 200
    assert link_in(answer) in mail.outbox[0].body
    assert mail.outbox[0].subject == "加入 Ferrow 的雁阵"
    page = client.get("/team/").text
    assert "ida@example.com" in page
    assert link_in(answer) not in page


def test_invite_page_says_when_no_mail_leaves(cast, sign_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client = sign_in(cast.admin)
    assert "No mail server" in client.get("/team/invite/").text
    assert post_invite(client, cast).context["mailed"] is False


def test_invite_page_survives_a_mail_server_that_is_away(cast, sign_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = post_invite(sign_in(cast.admin), cast)
    assert answer.status_code == 200
    assert "did not take the mail" in answer.text


def test_invite_page_answers_wrong_input(cast, sign_in):
    client = sign_in(cast.admin)
    assert post_invite(client, cast, email="ida").status_code == 422
    assert post_invite(client, cast, email="zhou@example.com").status_code == 422
    assert post_invite(client, cast, role=cast.wu.primary_role_id).status_code == 422
    assert post_invite(client, cast, language="tlh").status_code == 422
    assert not mail.outbox


def test_invite_page_is_shut_without_the_right(cast, sign_in):
    assert post_invite(sign_in(cast.zhou), cast).status_code == 403


def test_join_page_lets_a_new_member_in_and_signs_them_in(cast, sign_in):
    path = link_in(post_invite(sign_in(cast.admin), cast))
    guest = Client()
    page = guest.get(path)
    assert 'lang="zh-Hans"' in page.text
    assert page.headers["Content-Language"] == "zh-hans"
    form = {"name": "Ida", "password": PASSWORD, "zone": "Asia/Tokyo", "language": "en"}
    assert guest.post(path, {**form, "password": "short"}).status_code == 422
    assert guest.post(path, {**form, "zone": "Mars/Olympus"}).status_code == 422
    assert guest.post(path, form).status_code == 302
    assert guest.get("/team/").status_code == 200
    assert Client().get(path).status_code == 410


def test_join_page_asks_an_existing_user_to_sign_in_first(cast, sign_in):
    path = link_in(post_invite(sign_in(cast.admin), cast, email="wu@example.com"))
    assert f"/sign-in/?next={path}" in Client().get(path).text
    known = Client()
    known.force_login(cast.wu.user)
    assert known.get(path).status_code == 200
    assert known.post(path).status_code == 302
    assert "Ferrow" in known.get("/team/").text


def test_join_page_tells_the_wrong_person(cast, sign_in):
    client = sign_in(cast.admin)
    path = link_in(post_invite(client, cast))
    answer = client.post(path)
    assert answer.status_code == 403
    assert "sam@example.com" in answer.text


def test_join_page_answers_made_up_and_expired_links(cast, client):
    assert client.get("/join/made-up/").status_code == 404
    _invitation, token = invite(cast)
    with clock.set_to(NOW + GOOD_FOR):
        assert client.get(f"/join/{token}/").status_code == 410


def test_withdraw_page_closes_and_foreign_is_404(cast, sign_in):
    invitation, token = invite(cast)
    assert sign_in(cast.wu).post(f"/team/invitations/{invitation.pk}/withdraw/").status_code == 404
    client = Client()
    client.force_login(cast.lin.user)
    assert client.post(f"/team/invitations/{invitation.pk}/withdraw/").status_code == 302
    with clock.set_to(NOW):
        assert Client().get(f"/join/{token}/").status_code == 410
    assert Member.objects.filter(workspace=cast.workspace).count() == 5
