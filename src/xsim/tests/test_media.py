from __future__ import annotations

import base64
import hashlib

import pytest

from xsim.tests import plain, samples
from xsim.tests.test_posts import made, post

UPLOAD = "/2/media/upload"
JPEG = "image/jpeg"


def begin(client, data, mime="image/png", category="tweet_image", **more):
    body = {"media_type": mime, "total_bytes": len(data), "media_category": category, **more}
    return client.post(f"{UPLOAD}/initialize", json=body)


def upload(client, data, mime="image/png", category="tweet_image", step=None, **more):
    answer = begin(client, data, mime, category, **more)
    assert answer.status_code == 200, answer.text
    media_id = answer.json()["data"]["id"]
    step = step or len(data)
    for number, at in enumerate(range(0, len(data), step)):
        sent = client.post(
            f"{UPLOAD}/{media_id}/append",
            data={"segment_index": str(number)},
            files={"media": ("part", data[at : at + step], "application/octet-stream")},
        )
        assert sent.status_code == 200, sent.text
    done = client.post(f"{UPLOAD}/{media_id}/finalize")
    assert done.status_code == 200, done.text
    return done.json()["data"]


def status(client, media_id):
    return client.get(UPLOAD, params={"command": "STATUS", "media_id": media_id})


def video(client, sim, **more):
    sim.set_media_seconds(0)
    data = samples.mp4(**more)
    return upload(client, data, "video/mp4", "tweet_video")


def test_upload_in_segments_arrives_byte_for_byte(ferrow, sim):
    data = samples.png(40, 30, padding=3000)
    done = upload(ferrow, data, step=1000)
    assert done["size"] == len(data)
    assert done["media_key"] == f"3_{done['id']}"
    # Whole seconds of a day that has begun.
    assert done["expires_after_secs"] in (86_399, 86_400)
    assert done["image"] == {"image_type": "image/png", "w": 40, "h": 30}
    assert "processing_info" not in done
    (kept,) = sim.media("Ferrow_ZH")
    assert kept["sha256"] == hashlib.sha256(data).hexdigest()
    assert sim.media_bytes(done["id"]) == data


def test_append_takes_base64_json_and_replaces_a_repeated_segment(ferrow, sim):
    data = samples.png()
    media_id = begin(ferrow, data).json()["data"]["id"]
    for body in (b"wrong", data[:20], data[20:]):
        answer = ferrow.post(
            f"{UPLOAD}/{media_id}/append",
            json={
                "segment_index": 1 if body == data[20:] else 0,
                "media": base64.b64encode(body).decode(),
            },
        )
        assert answer.json()["data"]["expires_at"] > 0
    assert ferrow.post(f"{UPLOAD}/{media_id}/finalize").status_code == 200
    assert sim.media_bytes(media_id) == data


@pytest.mark.parametrize(
    "body",
    [
        {"media_type": "image/png", "total_bytes": 5 * 1024 * 1024 + 1},
        {"media_type": "image/png", "total_bytes": 0},
        {"media_type": "image/png", "total_bytes": "many"},
        {"media_type": "image/png"},
        {"media_type": "image/bmp", "total_bytes": 10, "media_category": "tweet_image"},
        {"media_type": "image/png", "total_bytes": 10, "media_category": "tweet_video"},
        {"media_type": "image/png", "total_bytes": 10, "media_category": "wallpaper"},
        {"media_type": "video/mp4", "total_bytes": 513 * 1024 * 1024},
        {"media_type": "image/gif", "total_bytes": 16 * 1024 * 1024, "media_category": "tweet_gif"},
        {"media_type": "image/png", "total_bytes": 10, "additional_owners": ["me"]},
        {"total_bytes": 10},
    ],
)
def test_initialize_refuses_kinds_and_sizes(ferrow, sim, body):
    assert ferrow.post(f"{UPLOAD}/initialize", json=body).status_code == 400
    assert sim.media() == []


@pytest.mark.parametrize("segment", ["1000", "-1", "x", ""])
def test_append_refuses_wrong_segments(ferrow, segment):
    media_id = begin(ferrow, samples.png()).json()["data"]["id"]
    answer = ferrow.post(
        f"{UPLOAD}/{media_id}/append",
        data={"segment_index": segment},
        files={"media": ("part", b"x", "application/octet-stream")},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b'{"segment_index":0,"media":"!!"}'),
        ("application/json", b'{"segment_index":0}'),
        ("application/json", b'{"segment_index":0,"media":""}'),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nnameless\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\ncut off"),
    ],
)
def test_append_refuses_unreadable_bodies(ferrow, kind, content):
    media_id = begin(ferrow, samples.png()).json()["data"]["id"]
    answer = ferrow.post(
        f"{UPLOAD}/{media_id}/append", content=content, headers={"Content-Type": kind}
    )
    assert answer.status_code == 400, answer.text


def test_append_refuses_too_large_a_segment(ferrow):
    media_id = begin(ferrow, b"x" * 6_000_000, "video/mp4", "tweet_video").json()["data"]["id"]
    for size, expected in ((5 * 1024 * 1024, 200), (5 * 1024 * 1024 + 1, 413), (9_000_000, 413)):
        answer = ferrow.post(
            f"{UPLOAD}/{media_id}/append",
            data={"segment_index": "0"},
            files={"media": ("part", b"x" * size, "application/octet-stream")},
        )
        assert answer.status_code == expected


def test_finalize_refuses_missing_bytes_and_wrong_kinds(ferrow):
    short = begin(ferrow, samples.png()).json()["data"]["id"]
    assert ferrow.post(f"{UPLOAD}/{short}/finalize").status_code == 400
    data = samples.jpeg()
    media_id = begin(ferrow, data, "image/png").json()["data"]["id"]
    ferrow.post(
        f"{UPLOAD}/{media_id}/append",
        json={"segment_index": 0, "media": base64.b64encode(data).decode()},
    )
    assert ferrow.post(f"{UPLOAD}/{media_id}/finalize").status_code == 400


def test_video_is_worked_on_until_its_time(ferrow, sim):
    sim.set_clock("2026-04-01T10:00:00Z")
    sim.set_media_seconds(5)
    done = upload(ferrow, samples.mp4(), "video/mp4", "tweet_video")
    assert done["processing_info"] == {"state": "pending", "check_after_secs": 5}
    assert done["media_key"].startswith("7_")
    assert post(ferrow, "Too early", media={"media_ids": [done["id"]]}).status_code == 400
    sim.advance(2)
    assert status(ferrow, done["id"]).json()["data"]["processing_info"] == {
        "state": "in_progress",
        "progress_percent": 50,
        "check_after_secs": 3,
    }
    sim.advance(3)
    ready = status(ferrow, done["id"]).json()["data"]
    assert ready["processing_info"] == {"state": "succeeded", "progress_percent": 100}
    assert ready["video"] == {"video_type": "video/mp4"}
    made(ferrow, "Now", media={"media_ids": [done["id"]]})


@pytest.mark.parametrize(
    ("data", "kind", "word"),
    [
        (samples.mp4(seconds=141), "tweet_video", "Duration"),
        (samples.mp4(seconds=0.3), "tweet_video", "Duration"),
        (samples.mp4(20, 20), "tweet_video", "dimensions"),
        (samples.mp4(1200, 300), "amplify_video", "ratio"),
        (b"not a video at all", "tweet_video", "unrecognized"),
        (samples.gif(1281, 10), "tweet_gif", "dimensions"),
        (samples.gif(4, 3, 351), "tweet_gif", "frames"),
    ],
)
def test_unfit_media_fail_with_a_reason(ferrow, sim, data, kind, word):
    sim.set_media_seconds(0)
    done = upload(ferrow, data, "image/gif" if kind == "tweet_gif" else "video/mp4", kind)
    assert done["processing_info"]["state"] == "failed"
    error = status(ferrow, done["id"]).json()["data"]["processing_info"]["error"]
    assert error["name"] == "InvalidMedia"
    assert word in error["message"]
    assert post(ferrow, "No", media={"media_ids": [done["id"]]}).status_code == 400


def test_longer_videos_are_for_premium(client_of, sim):
    premium = client_of("Ferrow")
    assert video(premium, sim, seconds=400)["processing_info"]["state"] == "succeeded"


def test_media_belong_to_their_owner(ferrow, client_of, sim):
    other, data = client_of("FerrowDE"), samples.png()
    media_id = upload(ferrow, data)["id"]
    assert status(other, media_id).status_code == 404
    assert post(other, "Mine?", media={"media_ids": [media_id]}).status_code == 400
    shared = upload(ferrow, data, additional_owners=[sim.user("FerrowDE").id])["id"]
    made(other, "Shared", media={"media_ids": [shared]})


def test_media_expire_by_the_virtual_clock(client_of, sim):
    media_id = upload(client_of("Ferrow_ZH"), samples.png())["id"]
    sim.advance(86_390)
    ferrow = client_of("Ferrow_ZH")
    assert status(ferrow, media_id).status_code == 200
    sim.advance(11)
    refused = post(ferrow, "Late", media={"media_ids": [media_id]})
    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {
            "parameters": {"media.media_ids": [media_id]},
            "message": "Your media IDs are invalid.",
        }
    ]
    assert sim.posts() == []


def test_upload_at_once(ferrow, sim):
    answer = ferrow.post(
        UPLOAD,
        data={"media_category": "tweet_image"},
        files={"media": ("a.png", samples.png(9, 9), "image/png")},
    ).json()["data"]
    assert answer["image"] == {"image_type": "image/png", "w": 9, "h": 9}
    encoded = base64.b64encode(samples.jpeg()).decode()
    body = {"media": encoded, "media_category": "tweet_image", "media_type": "image/jpeg"}
    second = ferrow.post(UPLOAD, json=body).json()["data"]
    made(ferrow, "Both", media={"media_ids": [answer["id"], second["id"]]})
    for wrong in (
        {"media": encoded},
        {"media": encoded, "media_category": "tweet_video"},
        {"media": base64.b64encode(b"rubbish").decode(), "media_category": "tweet_image"},
        {"media_category": "tweet_image"},
    ):
        assert ferrow.post(UPLOAD, json=wrong).status_code == 400


def test_subtitles_are_tied_to_a_video(ferrow, sim):
    film = video(ferrow, sim)["id"]
    words = upload(ferrow, samples.SRT, "text/srt", "subtitles")["id"]
    wish = {
        "id": film,
        "media_category": "TweetVideo",
        "subtitles": {"id": words, "language_code": "EN", "display_name": "English"},
    }
    done = ferrow.post("/2/media/subtitles", json=wish).json()["data"]
    assert done["associated_subtitles"]["language_code"] == "EN"
    assert list(sim.media()[0]["subtitles"]) == ["EN"]
    for change in (
        {"media_category": "AmplifyVideo"},
        {"subtitles": {"id": film, "language_code": "EN"}},
        {"subtitles": {"id": words, "language_code": ""}},
        {"subtitles": None},
        {"id": words},
    ):
        assert ferrow.post("/2/media/subtitles", json=wish | change).status_code == 400
    gone = {"id": film, "media_category": "TweetVideo", "language_code": "EN"}
    for deleted in (True, False):
        answer = ferrow.request("DELETE", "/2/media/subtitles", json=gone)
        assert answer.json() == {"data": {"deleted": deleted}}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "ID", "metadata": "x"},
        {"id": "ID", "metadata": {"alt_text": {"text": ""}}},
        {"id": "ID", "metadata": {"alt_text": {"text": "x" * 1001}}},
        {"id": "ID", "metadata": {"alt_text": "x"}},
    ],
)
def test_metadata_refuses_ill_formed_wishes(ferrow, body):
    media_id = upload(ferrow, samples.png())["id"]
    wish = {name: media_id if value == "ID" else value for name, value in body.items()}
    assert ferrow.post("/2/media/metadata", json=wish).status_code == 400
    whole = {"id": media_id, "metadata": {"alt_text": {"text": "x" * 1000}}}
    assert ferrow.post("/2/media/metadata", json=whole).status_code == 200


def test_uploads_need_their_own_scope_and_a_user(client_of, app, url):
    reader = client_of("Ferrow", scope="tweet.read tweet.write users.read")
    assert begin(reader, samples.png()).status_code == 403
    alone = plain.Client(base_url=url, headers={"Authorization": f"Bearer {app.bearer_token}"})
    with alone:
        assert begin(alone, samples.png()).json()["title"] == "Unsupported Authentication"


def test_fault_n_polls_in_progress(ferrow, sim):
    sim.set_media_seconds(0)
    sim.fault("media_in_progress", polls=2)
    done = upload(ferrow, samples.mp4(), "video/mp4", "tweet_video")
    states = [
        status(ferrow, done["id"]).json()["data"]["processing_info"]["state"] for _ in range(4)
    ]
    assert (done["processing_info"]["state"], states) == (
        "pending",
        ["in_progress", "in_progress", "succeeded", "succeeded"],
    )


def test_fault_failed_with_a_reason(ferrow, sim):
    sim.set_media_seconds(0)
    sim.fault("media_failed", reason="Codec not supported")
    done = upload(ferrow, samples.png())
    assert done["processing_info"]["error"]["message"] == "Codec not supported"


def test_fault_lost_segment_shows_at_the_end(ferrow, sim):
    sim.fault("media_lost_segment", match={"nth": 2})
    data = samples.png()
    media_id = begin(ferrow, data).json()["data"]["id"]
    for number, piece in enumerate((data[:30], data[30:])):
        answer = ferrow.post(
            f"{UPLOAD}/{media_id}/append",
            json={"segment_index": number, "media": base64.b64encode(piece).decode()},
        )
        assert answer.status_code == 200
    refused = ferrow.post(f"{UPLOAD}/{media_id}/finalize")
    assert "do not add up" in refused.json()["errors"][0]["message"]


def test_fault_expired_media_and_broken_status(ferrow, sim):
    media_id = upload(ferrow, samples.png())["id"]
    sim.fault("media_status_503")
    assert [status(ferrow, media_id).status_code for _ in range(2)] == [503, 200]
    sim.fault("media_expired", match={"route": "/2/tweets"})
    assert post(ferrow, "Late", media={"media_ids": [media_id]}).status_code == 400
    assert status(ferrow, media_id).status_code == 400
