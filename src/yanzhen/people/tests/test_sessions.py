from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.test import Client

from yanzhen.kernel import clock
from yanzhen.people.actions.sessions import SEEN_STEP
from yanzhen.people.devices import device_words

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def elsewhere(member):
    browser = Client(headers={"user-agent": FIREFOX})
    browser.force_login(member.user)
    assert browser.get("/team/").status_code == 200
    return browser


def test_sessions_lists_device_address_and_which_is_this(cast, sign_in):
    elsewhere(cast.zhou)
    text = sign_in(cast.zhou).get("/me/sessions/").text
    assert "Firefox on Windows" in text
    assert "127.0.0.1" in text
    assert text.count("This one") == 1


def test_sessions_shows_only_your_own(cast, sign_in):
    elsewhere(cast.lin)
    assert "Firefox" not in sign_in(cast.zhou).get("/me/sessions/").text


def test_session_end_signs_that_browser_out(cast, sign_in):
    other = elsewhere(cast.zhou)
    row = UserSession.objects.get(user=cast.zhou.user, user_agent=FIREFOX)
    client = sign_in(cast.zhou)
    assert client.post(f"/me/sessions/{row.pk}/end/").status_code == 302
    assert other.get("/team/").status_code == 302
    assert client.get("/team/").status_code == 200
    assert client.post(f"/me/sessions/{row.pk}/end/").status_code == 404


def test_session_end_of_somebody_else_is_404(cast, sign_in):
    other = elsewhere(cast.lin)
    row = UserSession.objects.get(user=cast.lin.user)
    assert sign_in(cast.zhou).post(f"/me/sessions/{row.pk}/end/").status_code == 404
    assert other.get("/team/").status_code == 200


def test_session_end_of_this_one_signs_out(cast, sign_in):
    client = sign_in(cast.zhou)
    client.get("/team/")
    row = UserSession.objects.get(user=cast.zhou.user)
    assert client.post(f"/me/sessions/{row.pk}/end/").url == "/sign-in/"
    assert client.get("/team/").status_code == 302


def test_sessions_end_leaves_only_this_one(cast, sign_in):
    others = [elsewhere(cast.zhou), elsewhere(cast.zhou)]
    client = sign_in(cast.zhou)
    client.get("/team/")
    assert client.post("/me/sessions/end-others/").status_code == 302
    assert [browser.get("/team/").status_code for browser in others] == [302, 302]
    assert client.get("/team/").status_code == 200


def test_last_seen_moves_in_steps(cast, sign_in, django_assert_num_queries):
    def last_seen():
        return UserSession.objects.get(user=cast.zhou.user).last_seen_at

    client = sign_in(cast.zhou)
    client.get("/me/sessions/")
    first = last_seen()
    with clock.set_to(first + SEEN_STEP - timedelta(seconds=1)):
        client.get("/me/sessions/")
    assert last_seen() == first
    with clock.set_to(first + SEEN_STEP):
        client.get("/me/sessions/")
    assert last_seen() == first + SEEN_STEP


def test_device_words_name_what_the_header_says():
    assert device_words(FIREFOX) == "Firefox on Windows"
    assert device_words(SAFARI) == "Safari on iPhone"
    assert device_words("curl/8.0") == "Unknown device"
