"""Somebody of the demo brand at a window of a real browser."""

from __future__ import annotations

from yanzhen.config.tests.looking import DESK
from yanzhen.demo.cast import PASSWORD

#: No page: everybody gets the same answer, and a browser logs it as an error.
NOWHERE = "/no-such-page/"


class Reader:
    """Somebody at one window, signed in unless ``key`` is empty; complaints gather."""

    def __init__(self, browser, copy, key, *, state=None, **options):
        self.copy, self.key = copy, key
        options = {"viewport": DESK, "reduced_motion": "reduce", "locale": "en-GB"} | options
        self.context = browser.new_context(storage_state=state, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        if key and not state:
            self.go("/sign-in/")
            self.page.fill("input[name=email]", f"{key}@ferrow.example")
            self.page.fill("input[name=password]", PASSWORD)
            self.page.press("input[name=password]", "Enter")
            self.page.wait_for_url(f"{copy.url}/")

    def _console(self, message):
        if message.type == "error" and NOWHERE not in self.page.url:
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request):
        # Leaving a page ends what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response):
        if response.status >= 400 and NOWHERE not in response.url:
            self.complaints.append(f"{response.status}: {response.url}")

    def go(self, path):
        self.page.goto(self.copy.url + path)
        return self.page

    def speak(self, language):
        self.go("/sign-in/" if not self.key else "/more/")
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "yanzhen_csrf")
        answer = self.context.request.post(
            f"{self.copy.url}/language/",
            form={"language": language, "next": "/health", "csrfmiddlewaretoken": token},
            headers={"Referer": f"{self.copy.url}/"},
        )
        assert answer.ok

    def link(self, at, selector):
        return self.go(at).locator(selector).first.get_attribute("href")

    def leave(self):
        self.context.close()
