"""A refused handoff, and a recorded note, in a real browser."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.handoff.models import Attachment, Handover
from yanzhen.handoff.tests.shifts import begun, lead_with, leader, sent
from yanzhen.people.tests.cast import make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: The machine of the tests has no camera: a canvas stands in for it, the recorder is the browser's.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 160; canvas.height = 120;
  const pen = canvas.getContext("2d");
  setInterval(() => {
    pen.fillStyle = `hsl(${Date.now() % 360} 50% 50%)`;
    pen.fillRect(0, 0, 160, 120);
  }, 40);
  return canvas.captureStream(25);
};
"""
LOADED = """
video => video.readyState ? null : new Promise((done, fail) => {
  video.addEventListener("loadedmetadata", () => done(null));
  video.addEventListener("error", fail);
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
    page.get_by_role("button", name="Save").nth(1).click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is asked to take the lead")).to_be_visible()

    page = visit(cast.zhou, reverse("handoff", args=[mended.pk]))
    page.get_by_label("I have read it").check()
    page.get_by_label("Read it back in a line").fill("Gear Atlas first")
    page.get_by_role("button", name="Accept and lead").click()
    expect(page.get_by_text("You have the lead.")).to_be_visible()
    assert leader(cast) == cast.zhou


def test_note_is_recorded_kept_and_played(visit, page):
    cast = make_cast()
    lead_with(cast, cast.lin)
    handover = begun(cast, by=cast.lin)
    page.add_init_script(CAMERA)
    page = visit(cast.lin, reverse("handoff", args=[handover.pk]))
    page.get_by_role("button", name="Record the camera").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop and keep").click()
    video = page.locator(".attached__video")
    expect(video).to_be_visible(timeout=20_000)
    assert Attachment.objects.get().media.width == 160
    video.evaluate(LOADED)
