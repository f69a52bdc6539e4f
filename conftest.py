"""What tests of every room share: quick passwords and the browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, settings

from tools.find_chromium import GET_ONE, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Argon2 is slow on purpose, and every test makes people who can sign in.
QUICK_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A camera, a microphone and a screen of its own, given without asking.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]
DESK = {"width": 1440, "height": 900}

# How long an example takes is a figure of the machine and of what else it does.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords quickly; a test about hashing overrides the setting itself."""
    with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run; tests that need it are marked ``e2e``."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(GET_ONE) if os.environ.get("REQUIRE_ALL") else pytest.skip(GET_ONE)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- 0.3 s others need not pay

    # Playwright keeps an event loop in this thread, which Django would take for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page, signed in nowhere, with motion reduced so that nothing needs waiting for.

    Fails the test if a script raised or the content security policy stopped something; after a
    failure a picture lies in .build/pictures.
    """
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        pictures = Path(request.config.rootpath) / ".build" / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.nodeid).strip("-")
        page.screenshot(path=pictures / f"{name}.png", full_page=True)
    context.close()
    assert not complaints, "\n".join(complaints)
