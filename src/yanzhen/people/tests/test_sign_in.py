import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from yanzhen.config import settings as declared
from yanzhen.people.actions.sessions import change_password
from yanzhen.people.models import User
from yanzhen.people.tests.cast import NOW, PASSWORD

NEW = "formation-at-dawn-7"


def enter(client, email="zhou@example.com", password=PASSWORD, **more):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_sign_in_lets_a_member_in_whatever_the_case_of_the_email(cast, client):
    answer = enter(client, "ZHOU@Example.com")
    assert (answer.status_code, answer.url) == (302, reverse("today"))
    assert client.get("/team/").status_code == 200
    assert mail.outbox == []


def test_sign_in_says_the_same_to_unknown_wrong_and_closed(cast, client):
    User.objects.filter(pk=cast.maya.user_id).update(is_active=False)
    answers = [
        enter(client, "nobody@example.com"),
        enter(client, "zhou@example.com", "wrong-password-1"),
        enter(client, "maya@example.com", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {422}
    said = {str(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(said) == 1
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "form", [{}, {"email": "zhou@example.com"}, {"email": "x", "password": "y"}]
)
def test_sign_in_with_an_incomplete_form_is_422(cast, client, form):
    assert client.post("/sign-in/", form).status_code == 422


def test_sign_in_never_shows_the_password_again(cast, client):
    answer = enter(client, password="wrong-password-1")
    assert "wrong-password-1" not in answer.text


def test_sign_in_goes_to_the_page_asked_for(cast, client):
    assert enter(client, next="/team/").url == "/team/"


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//x.y",
    ],
)
def test_sign_in_never_leaves_the_site(cast, client, goal):
    assert enter(client, next=goal).url == reverse("today")


def test_sign_in_limits_tries_on_one_account_and_says_how_long(cast, client):
    for _n in range(5):
        assert enter(client, password="wrong-password-1").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert "Wait 5 minutes" in answer.text
    assert "_auth_user_id" not in client.session


def test_sign_in_limits_tries_from_one_address_over_many_accounts(cast, client):
    codes = [enter(client, f"n{n}@example.com", "wrong-password-1").status_code for n in range(11)]
    assert codes == [422] * 10 + [429]


def test_sign_in_does_not_count_right_passwords(cast):
    for _n in range(7):
        assert enter(Client()).status_code == 302


def test_sign_in_renews_the_session_key(cast, client):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    enter(client)
    assert client.session.session_key != before


def test_sign_in_page_is_not_cached_and_needs_a_token(cast):
    strict = Client(enforce_csrf_checks=True)
    assert "no-store" in strict.get("/sign-in/").headers["Cache-Control"]
    assert enter(strict).status_code == 403


def test_sign_in_when_signed_in_goes_on(cast, sign_in):
    assert sign_in(cast.zhou).get("/sign-in/?next=/team/").url == "/team/"


def test_sign_out_ends_the_session_and_wants_a_post(cast, sign_in):
    client = sign_in(cast.zhou)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/team/").status_code == 302


def test_nobody_signs_up_and_the_library_serves_no_page(cast, client):
    for path in ("/signup/", "/accounts/signup/", "/accounts/login/", "/accounts/email/"):
        assert client.get(path).status_code == 404


def test_passwords_are_kept_with_argon2(cast, settings):
    # The test run itself uses a quick hasher; what the site declares is what counts.
    settings.PASSWORD_HASHERS = declared.PASSWORD_HASHERS
    change_password(cast.zhou.user, password=NEW, now=NOW)
    assert User.objects.get(pk=cast.zhou.user_id).password.startswith("argon2$argon2id$")


def test_forgotten_mails_a_link_that_works_once(cast, client, sign_in):
    elsewhere = Client()
    elsewhere.force_login(cast.zhou.user)
    assert elsewhere.get("/team/").status_code == 200
    assert client.post("/password/forgotten/", {"email": "Zhou@example.com"}).status_code == 200
    (link,) = re.findall(r"http://\S+", mail.outbox[0].body)
    path = "/" + link.split("/", 3)[3]
    assert mail.outbox[0].to == ["zhou@example.com"]
    assert client.post(path, {"password": "short"}).status_code == 422
    assert client.post(path, {"password": NEW}).url == "/sign-in/"
    assert elsewhere.get("/team/").status_code == 302
    assert client.get(path).status_code == 410
    assert enter(client, password=NEW).status_code == 302


def test_forgotten_answers_the_same_for_unknown_addresses(cast, client):
    known = client.post("/password/forgotten/", {"email": "zhou@example.com"})
    unknown = client.post("/password/forgotten/", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    strip = re.compile(r'(zhou|nobody)@example\.com|name="csrf[^>]*>|value="[^"]*"|content="[^"]*"')
    assert strip.sub("", known.text) == strip.sub("", unknown.text)
    assert len(mail.outbox) == 2
    assert "no account there uses it" in " ".join(mail.outbox[1].body.split())


def test_forgotten_speaks_the_members_language(cast, client):
    User.objects.filter(pk=cast.zhou.user_id).update(language="zh-hans")
    client.post("/password/forgotten/", {"email": "zhou@example.com"})
    assert mail.outbox[0].subject == "为雁阵设置新密码"


def test_forgotten_is_limited(cast, client):
    codes = [
        client.post("/password/forgotten/", {"email": "zhou@example.com"}).status_code
        for _n in range(4)
    ]
    assert codes == [200, 200, 200, 429]


def test_forgotten_says_so_when_no_mail_server_is_set(cast, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "No mail server" in client.get("/password/forgotten/").text


@pytest.mark.parametrize("uid", ["AA", "x", "MTA", "é", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_reset_with_a_made_up_link_is_410(cast, client, uid):
    assert client.get(f"/password/new/{uid}/made-up/").status_code == 410


def test_reset_of_a_closed_account_is_410(cast, client):
    uid = urlsafe_base64_encode(str(cast.zhou.user_id).encode())
    token = default_token_generator.make_token(cast.zhou.user)
    User.objects.filter(pk=cast.zhou.user_id).update(is_active=False)
    assert client.get(f"/password/new/{uid}/{token}/").status_code == 410


def test_change_password_keeps_this_session_and_ends_the_others(cast, sign_in):
    elsewhere = Client()
    elsewhere.force_login(cast.zhou.user)
    elsewhere.get("/team/")
    client = sign_in(cast.zhou)
    wrong = client.post("/me/password/", {"current": "wrong-password-1", "password": NEW})
    assert wrong.status_code == 422
    weak = client.post("/me/password/", {"current": PASSWORD, "password": "zhou@example.com"})
    assert weak.status_code == 422
    assert client.post("/me/password/", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert client.get("/team/").status_code == 200
    assert elsewhere.get("/team/").status_code == 302


def test_change_password_is_limited(cast, sign_in):
    client = sign_in(cast.zhou)
    form = {"current": "wrong-password-1", "password": NEW}
    codes = [client.post("/me/password/", form).status_code for _n in range(6)]
    assert codes == [422] * 5 + [429]


def test_language_switch_reaches_strangers_by_cookie_and_members_by_profile(cast, client, sign_in):
    client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    assert 'lang="zh-Hans"' in client.get("/sign-in/").text
    sign_in(cast.zhou).post("/language/", {"language": "zh-hans", "next": "/team/"})
    assert User.objects.get(pk=cast.zhou.user_id).language == "zh-hans"
