import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from yanzhen.channels.models import Account, Credential
from yanzhen.channels.states import AccountState, Problem
from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel.clock import now as clock_now

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _base_url(settings):
    settings.BASE_URL = "http://testserver"


def test_accounts_page_lists_accounts_with_state_and_what_to_do(practice, cast):
    make_account(cast.workspace, "One")
    make_account(cast.workspace, "Two", state=AccountState.RECONNECT, problem=Problem.ANSWER_LOST)
    make_account(cast.wu.workspace, "Foreign")
    page = as_(cast.zhou).get("/accounts/").content.decode()
    assert "@One" in page
    assert "Needs reconnecting" in page
    assert "its answer never arrived" in page
    assert "@Foreign" not in page
    assert "accounts/connect/" not in page
    assert "accounts/connect/" in as_(cast.admin).get("/accounts/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_accounts_page_asks_as_often_for_one_as_for_three(
    practice, cast, django_assert_max_num_queries, count
):
    for number in range(count):
        make_account(cast.workspace, f"A{number}")
    worker_answers()
    client = as_(cast.admin)
    client.get("/accounts/")
    with django_assert_max_num_queries(14) as asked:
        client.get("/accounts/")
    sql = [q["sql"] for q in asked.captured_queries if 'SELECT "channels_' in q["sql"]]
    assert len(sql) == 1


def test_accounts_page_without_any_leads_on(practice, cast):
    assert "Nothing to publish to yet" in as_(cast.admin).get("/accounts/").content.decode()
    assert "An administrator connects" in as_(cast.zhou).get("/accounts/").content.decode()


def test_account_page_foreign_and_missing_are_both_unknown(practice, cast):
    foreign = make_account(cast.wu.workspace, "Foreign")
    client = as_(cast.admin)
    for where in (f"/accounts/{foreign.pk}/", "/accounts/999999/"):
        assert client.get(where).status_code == 404
        assert client.post(where).status_code == 404
        assert client.post(where + "check/").status_code == 404
        assert client.post(where + "disconnect/").status_code == 404
    start = reverse("accounts-start")
    assert client.post(start, {"account": foreign.pk}).status_code == 404


def test_account_settings_are_saved_and_recorded(practice, cast):
    account = make_account(cast.workspace, "One")
    where = f"/accounts/{account.pk}/"
    sent = {"zone": "Asia/Shanghai", "language": "zh-hans", "colour": "zh", "premium": "yes"}
    assert as_(cast.admin).post(where, sent).status_code == 302
    account.refresh_from_db()
    assert (account.zone, account.language, account.colour) == ("Asia/Shanghai", "zh-hans", "zh")
    assert (account.premium, account.premium_override, account.text_limit) == (True, True, 25_000)


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"colour": "red; x"}, {"language": "xx"}, {"premium": "maybe"}]
)
def test_account_settings_that_are_wrong_are_answered_422(practice, cast, wrong):
    account = make_account(cast.workspace, "One")
    sent = {"zone": "UTC", "language": "", "colour": "main", "premium": "", **wrong}
    answer = as_(cast.admin).post(f"/accounts/{account.pk}/", sent)
    assert answer.status_code == 422
    account.refresh_from_db()
    assert account.zone == "Europe/Berlin"


def test_account_settings_without_the_right_are_refused(practice, cast):
    account = make_account(cast.workspace, "One")
    sent = {"zone": "UTC", "language": "", "colour": "main", "premium": ""}
    assert as_(cast.zhou).post(f"/accounts/{account.pk}/", sent).status_code == 403
    assert as_(cast.zhou).post(f"/accounts/{account.pk}/disconnect/").status_code == 403
    assert as_(cast.zhou).get("/accounts/connect/").status_code == 403


def test_connect_page_allows_its_form_to_lead_to_x_and_no_other_page_does(practice, cast, settings):
    client = as_(cast.admin)
    policy = client.get("/accounts/connect/")["Content-Security-Policy"]
    allowed = re.search(r"form-action ([^;]+)", policy)[1].split()
    assert allowed == ["'self'", settings.ENV.x_auth_base_url]
    elsewhere = client.get("/accounts/")["Content-Security-Policy"]
    assert re.search(r"form-action ([^;]+)", elsewhere)[1] == "'self'"


def test_connect_start_insists_on_the_account_to_connect_again(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    client = as_(cast.admin)
    page = client.get("/accounts/connect/", {"account": account.pk}).content.decode()
    assert "Connect @Ferrow again" in page
    sent = client.post(reverse("accounts-start"), {"account": account.pk})
    told = practice.consent(sent["Location"], "FerrowDE")
    text = client.settled(client.get(reverse("accounts-connected"), told)).content.decode()
    assert "Asked for: @Ferrow. X says these are the keys to @FerrowDE." in text
    assert f"/accounts/connect/?account={account.pk}" in text


def test_connected_page_tells_of_denial(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    client = as_(cast.admin)
    sent = client.post(reverse("accounts-start"))
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    answer = client.get(reverse("accounts-connected"), {"state": state, "error": "access_denied"})
    assert (answer.status_code, "Nobody agreed at X" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("query", [{}, {"state": "x" * 5000, "code": "y"}, {"code": "y"}])
def test_connected_page_with_nonsense_is_answered_calmly(practice, cast, query):
    assert as_(cast.admin).get(reverse("accounts-connected"), query).status_code == 422


def test_keys_page_connects_and_names_what_is_wrong(practice, cast):
    client = as_(cast.admin)
    token, secret = practice.sim.oauth1_keys(practice.app, "FerrowDE")
    sent = {
        "consumer_key": practice.app.consumer_key,
        "consumer_secret": practice.app.consumer_secret,
        "access_token": token,
        "access_secret": "wrong",
    }
    where = reverse("accounts-keys")
    refused = client.settled(client.post(where, sent))
    assert "X refuses these keys" in refused.content.decode()
    assert client.post(where, {**sent, "access_secret": ""}).status_code == 422
    client.settled(client.post(where, {**sent, "access_secret": secret}))
    assert Account.objects.get().handle == "FerrowDE"


def test_check_and_disconnect_buttons_work_once(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    client = as_(cast.admin)
    told = client.settled(client.post(f"/accounts/{account.pk}/check/"))
    assert "X says all is well with @Ferrow." in told.content.decode()
    assert client.post(f"/accounts/{account.pk}/disconnect/").status_code == 302
    assert client.post(f"/accounts/{account.pk}/disconnect/").status_code == 409
    assert not Credential.objects.exists()
