"""Adding, cropping and describing files in a real browser."""

from __future__ import annotations

import base64

import pytest
from django.conf import settings as project
from playwright.sync_api import expect

from yanzhen.library.models import MediaFile
from yanzhen.library.tests import makers
from yanzhen.people.tests.cast import make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(page, settings, live_server, client):
    """Zhou's library, open and empty."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client.force_login(make_cast().zhou.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/library/")
    page.wait_for_selector("media-drop:defined")
    return page


def photograph(name="geese.jpg", data=None):
    return {
        "name": name,
        "mimeType": "image/jpeg",
        "buffer": data or makers.jpeg_with_place(size=(400, 300)),
    }


def choose(page, *files):
    page.set_input_files("media-drop input[type=file]", list(files))


def test_files_are_added_told_and_shown(desk):
    choose(desk, photograph(), photograph("wrong.png"), photograph("svg.jpg", b"<svg onload='x'/>"))
    done = desk.locator(".media-drop__file[data-state=done]")
    done.wait_for()
    assert "Where it was taken has been removed from it." in done.inner_text()
    refused = desk.locator(".media-drop__file[data-state=refused]")
    refused.nth(1).wait_for()
    said = " ".join(refused.all_inner_texts())
    assert "Rename it to wrong.jpg" in said
    assert "This is SVG" in said
    desk.locator(".tile").wait_for()
    expect(desk.locator(".tile")).to_have_count(1)
    assert desk.locator(".tile img").evaluate("image => image.decode().then(() => true)")
    refused.first.get_by_role("button", name="Dismiss").click()
    expect(refused).to_have_count(1)


def test_a_dropped_and_a_pasted_file_are_added(desk):
    """What a mouse and a clipboard would bring, put into the events they bring it in."""
    hand_over = """([data, type, name]) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const parcel = new DataTransfer();
      parcel.items.add(new File([bytes], name, {type: "image/png"}));
      const event = type === "paste"
        ? new ClipboardEvent("paste", {clipboardData: parcel, bubbles: true, cancelable: true})
        : new DragEvent("drop", {dataTransfer: parcel, bubbles: true, cancelable: true});
      (type === "paste" ? document.body : document.querySelector(".media-drop__zone")
        ).dispatchEvent(event);
    }"""
    for number, way in enumerate(("drop", "paste"), start=1):
        data = base64.b64encode(makers.image("PNG", size=(50 + number, 40))).decode()
        desk.evaluate(hand_over, [data, way, f"{way}.png"])
        desk.locator(".tile").nth(number - 1).wait_for()
    assert {media.name for media in MediaFile.objects.all()} == {"drop.png", "paste.png"}


def test_an_upload_is_stopped_and_tried_again(desk):
    held = []
    desk.route("**/library/upload/", lambda route: held.append(route))  # noqa: PLW0108 -- Playwright marks the function
    choose(desk, photograph())
    desk.get_by_role("button", name="Stop", exact=True).click()
    broken = desk.locator(".media-drop__file[data-state=broken]")
    broken.wait_for()
    assert "Nothing was kept" in broken.inner_text()
    assert not MediaFile.objects.exists()
    desk.unroute_all(behavior="ignoreErrors")
    desk.get_by_role("button", name="Try again").click()
    desk.locator(".media-drop__file[data-state=done]").wait_for()
    assert MediaFile.objects.count() == 1


def test_an_image_is_cropped_by_hand_and_by_keys_and_described(desk):
    choose(desk, photograph())
    desk.locator(".tile__name").click()
    desk.wait_for_selector("image-editor:defined")
    desk.get_by_text("Crop, turn or resize").click()
    field = {
        name: desk.locator(f"[name={name}]")
        for name in ("left", "top", "width", "height", "turn", "size_width", "size_height")
    }
    corner = desk.locator("[data-grip=se]")
    box = desk.locator("[data-picture]").bounding_box()
    at = corner.bounding_box()
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x - box["width"] / 2, y - box["height"] / 3, steps=5)
    desk.mouse.up()
    assert abs(int(field["width"].input_value()) - 200) <= 2
    assert abs(int(field["height"].input_value()) - 200) <= 2
    wide = int(field["width"].input_value())
    corner.press("ArrowLeft")
    corner.press("Shift+ArrowLeft")
    assert int(field["width"].input_value()) == wide - 11
    desk.locator("[data-grip=all]").press("Shift+ArrowDown")
    assert field["top"].input_value() == "10"
    desk.get_by_role("button", name="1:1").click()
    assert field["width"].input_value() == field["height"].input_value()
    desk.get_by_role("button", name="Turn right").click()
    assert field["turn"].input_value() == "90"
    field["size_width"].fill("64")
    assert field["size_height"].input_value() == "64"
    assert desk.locator("[data-outcome]").inner_text() == "Becomes 64 × 64 pixels"
    desk.get_by_role("button", name="Make a new image").click()
    desk.get_by_role("heading", name="geese-64x64.jpg").wait_for()
    desk.get_by_role("textbox", name="Alt text").fill("Geese over a lake.")
    desk.get_by_role("button", name="Save alt text").click()
    desk.get_by_text("Alt text saved.").wait_for()
    made = MediaFile.objects.get(width=64)
    assert (made.height, made.alt, made.derived_from.name) == (
        64,
        "Geese over a lake.",
        "geese.jpg",
    )


def test_a_video_is_played_from_the_middle(desk):
    choose(desk, {"name": "geese.mp4", "mimeType": "video/mp4", "buffer": makers.PLAIN_MP4})
    desk.locator(".tile__name").click()
    desk.wait_for_selector("video[controls]")
    at = desk.locator("video[controls]").evaluate(
        """video => new Promise((tell, give_up) => {
          video.addEventListener("error", () => give_up(new Error(video.error.message)));
          video.addEventListener("seeked", () => tell([video.currentTime, video.videoWidth]));
          const seek = () => { video.currentTime = 0.5; };
          video.readyState ? seek() : video.addEventListener("loadedmetadata", seek);
        })"""
    )
    assert at == [0.5, 64]
