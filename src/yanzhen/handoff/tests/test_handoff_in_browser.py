"""A refused handoff, and a recorded note, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.handoff.models import Attachment, Handover
from yanzhen.handoff.tests.shifts import begun, lead_with, leader, sent
from yanzhen.people.tests.cast import make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LOADED = """
video => new Promise((done, fail) => {
  const told = () => done([video.videoWidth, video.videoHeight]);
  if (video.readyState) return told();
  video.addEventListener("loadedmetadata", told);
  video.addEventListener("error", () => fail(new Error("cannot be played")));
})
"""


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def visit(page, plain_names, live_server):
    """Open a page as a member; each visit has a session of its own, which no other one ends."""

    def go(member, path):
        client = Client()
        client.force_login(member.user)
        name = project.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return go


def test_refused_handoff_leaves_the_lead_and_comes_back_mended(visit):
    cast = make_cast()
    lead_with(cast, cast.lena)
    handover = sent(cast, "Call the press")
    page = visit(cast.zhou, "/")
    page.keyboard.press("h")
    page.wait_for_url(f"**{reverse('handoff', args=[handover.pk])}")
    page.get_by_text("Refuse it").click()
    page.get_by_label("What is missing").fill("Which press?")
    page.get_by_role("button", name="Refuse, the lead stays").click()
    expect(page.get_by_text("Refused. The lead stays where it is")).to_be_visible()
    assert leader(cast) == cast.lena

    mended = Handover.objects.get(state="draft")
    page = visit(cast.lena, reverse("handoff", args=[mended.pk]))
    page.get_by_text("Change", exact=False).first.click()
    page.get_by_label("Point").first.fill("Call Gear Atlas")
    page.locator(".point__edit").get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Call Gear Atlas").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is asked to take the lead")).to_be_visible()

    page = visit(cast.zhou, reverse("handoff", args=[mended.pk]))
    page.get_by_label("I have read it").check()
    page.get_by_label("Read it back in a line").fill("Gear Atlas first")
    page.get_by_role("button", name="Accept and lead").click()
    expect(page.get_by_text("You have the lead.")).to_be_visible()
    assert leader(cast) == cast.zhou


def test_note_of_screen_camera_and_voice_is_recorded_kept_and_played(visit, page):
    cast = make_cast()
    lead_with(cast, cast.lin)
    handover = begun(cast, by=cast.lin)
    page = visit(cast.lin, reverse("handoff", args=[handover.pk]))
    page.get_by_label("Screen with camera").check()
    page.get_by_role("button", name="Get ready").click()
    expect(page.get_by_label("Camera").nth(1)).to_have_value(re.compile("."))
    expect(page.get_by_label("Microphone")).to_have_value(re.compile("."))
    meter = page.locator("[data-step=ready] meter")
    page.wait_for_function("meter => meter.value > 0", arg=meter.element_handle())
    page.get_by_role("button", name="Start recording").click()
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text(re.compile("0:0[1-9]"))
    page.get_by_role("button", name="Pause").click()
    go_on = page.get_by_role("button", name="Go on")
    go_on.wait_for()
    stopped = clock.inner_text()
    page.wait_for_timeout(1200)
    assert clock.inner_text() == stopped
    go_on.click()
    expect(clock).not_to_have_text(stopped)
    page.get_by_role("button", name=re.compile(r"^Stop\b")).click()
    result = page.get_by_label("What was recorded")
    assert result.evaluate(LOADED)[0] > 300
    page.get_by_label("What is said, in words").first.fill("0:00 Geese\n0:01 take turns")

    page.route("**/handoffs/video/", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Put it on the log").click()
    expect(page.get_by_text("It is still here: try again.")).to_be_visible()
    page.get_by_role("button", name="Put it on the log").click()
    video = page.locator(".attached__video")
    expect(video).to_be_visible(timeout=20_000)
    assert Attachment.objects.get().captions.startswith("0:00 Geese")
    assert video.evaluate(LOADED)[0] > 300
    page.wait_for_function(
        "video => video.textTracks[0]?.cues?.length === 2", arg=video.element_handle()
    )


def test_browser_that_cannot_record_says_so_and_takes_a_file(visit, page):
    cast = make_cast()
    lead_with(cast, cast.lin)
    handover = begun(cast, by=cast.lin)
    page.add_init_script("delete globalThis.MediaRecorder")
    page = visit(cast.lin, reverse("handoff", args=[handover.pk]))
    expect(page.get_by_text("This browser cannot record.")).to_be_visible()
    expect(page.get_by_role("button", name="Get ready")).to_be_hidden()
    page.get_by_text("Or choose a video file").click()
    expect(page.get_by_label("Video file")).to_be_visible()
