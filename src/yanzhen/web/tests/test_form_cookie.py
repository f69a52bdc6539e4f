"""An answer that was under way while somebody signed in again brings no old cookie back."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from yanzhen.people.tests.cast import PASSWORD, make_cast


def signed_in(browser: Client, email: str) -> Client:
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"email": email, "password": PASSWORD, **token(browser)})
    return browser


def token(browser: Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": browser.cookies[settings.CSRF_COOKIE_NAME].value}


def test_page_sends_the_cookie_of_forms_when_it_changes_and_not_again(db):
    cast, name = make_cast(), settings.CSRF_COOKIE_NAME
    browser = Client(enforce_csrf_checks=True)
    assert name in browser.get("/sign-in/").cookies
    before = token(browser)
    signed_in(browser, cast.lena.user.email)
    assert token(browser) != before, "signing in changes it"
    # A page that was asked for before, and the page that answers where there is none.
    late = Client()
    late.cookies[name] = before["csrfmiddlewaretoken"]
    for address in ("/sign-in/", "/live"):
        assert name not in late.get(address).cookies
    assert name not in browser.get("/team/").cookies
    assert browser.post("/language/", {"language": "zh-hans", **before}).status_code == 403
    assert browser.post("/language/", {"language": "zh-hans", **token(browser)}).status_code == 302
