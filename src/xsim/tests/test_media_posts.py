"""Posts that carry media, as the API and the pages show them."""

from __future__ import annotations

import hashlib

import pytest

from xsim.tests import plain, samples
from xsim.tests.test_media import JPEG, upload, video
from xsim.tests.test_posts import made, post


def test_post_with_pictures_carries_them(ferrow, sim, url):
    first, second = upload(ferrow, samples.png(40, 30)), upload(ferrow, samples.jpeg(20, 10), JPEG)
    said = ferrow.post(
        "/2/media/metadata",
        json={"id": first["id"], "metadata": {"alt_text": {"text": "一个背包"}}},
    )
    assert said.json()["data"]["associated_metadata"] == {"alt_text": {"text": "一个背包"}}
    answer = post(ferrow, "看 https://a.com", media={"media_ids": [first["id"], second["id"]]})
    data = answer.json()["data"]
    got = ferrow.get(
        f"/2/tweets/{data['id']}",
        params={
            "tweet.fields": "entities",
            "expansions": "attachments.media_keys",
            "media.fields": "type,url,width,height,alt_text,duration_ms",
        },
    ).json()
    keys = [first["media_key"], second["media_key"]]
    assert got["data"]["attachments"] == {"media_keys": keys}
    assert got["includes"]["media"][0] == {
        "media_key": keys[0],
        "type": "photo",
        "url": f"{url}/media/{keys[0]}",
        "width": 40,
        "height": 30,
        "alt_text": "一个背包",
    }
    links = got["data"]["entities"]["urls"]
    assert [link.get("media_key") for link in links] == [None, *keys]
    assert links[1]["expanded_url"].endswith(f"/status/{data['id']}/photo/1")
    assert data["text"].endswith(links[1]["url"])
    assert data["text"][links[2]["start"] : links[2]["end"]] == links[2]["url"]
    assert plain.get(got["includes"]["media"][0]["url"]).content == samples.png(40, 30)
    assert [one["sha256"] for one in sim.posts()[0]["media"]] == [
        hashlib.sha256(one).hexdigest() for one in (samples.png(40, 30), samples.jpeg(20, 10))
    ]


def test_post_of_media_alone_has_only_their_link(ferrow, sim):
    media_id = upload(ferrow, samples.png())["id"]
    answer = ferrow.post("/2/tweets", json={"media": {"media_ids": [media_id]}})
    assert answer.status_code == 201
    assert answer.json()["data"]["text"].startswith("https://t.co/")
    assert sim.posts()[0]["text"] == ""


def test_long_post_with_media_keeps_its_link_in_both_texts(client_of):
    premium = client_of("Ferrow")
    media_id = upload(premium, samples.png())["id"]
    # The first link stands where the brief text shows the media link, the second is cut away.
    text = "雁" * 137 + " a.com " + "雁" * 163 + " b.com"
    post_id = made(premium, text, media={"media_ids": [media_id]})
    query = {"tweet.fields": "entities,note_tweet"}
    data = premium.get(f"/2/tweets/{post_id}", params=query).json()["data"]
    for shown, count in ((data, 1), (data["note_tweet"], 3)):
        links = shown["entities"]["urls"]
        assert len(links) == count
        for link in links:
            assert shown["text"][link["start"] : link["end"]] == link["url"]
        assert shown["text"].endswith(links[-1]["url"])


@pytest.mark.parametrize(
    "wrong", [[], ["x"], ["1", "1"], ["1", "2", "3", "4", "5"], "1", [1], None]
)
def test_post_refuses_ill_formed_media(ferrow, wrong):
    assert post(ferrow, "No", media={"media_ids": wrong}).status_code == 400


def test_post_takes_four_pictures_or_one_of_the_rest(ferrow, sim):
    sim.set_media_seconds(0)
    pictures = [upload(ferrow, samples.png(n + 1))["id"] for n in range(4)]
    moving = upload(ferrow, samples.gif(), "image/gif", "tweet_gif")
    assert moving["media_key"].startswith("16_")
    film = video(ferrow, sim)["id"]
    message = upload(ferrow, samples.png(), category="dm_image")["id"]
    for ids in ([film, pictures[0]], [moving["id"], film], [message]):
        assert post(ferrow, "No", media={"media_ids": ids}).status_code == 400
    poll = {"options": ["a", "b"], "duration_minutes": 60}
    chosen = {"media_ids": pictures}
    assert post(ferrow, "No", media=chosen, poll=poll).status_code == 400
    assert post(ferrow, "No", media=chosen, quote_tweet_id="1").status_code == 400
    for ids in (pictures, [moving["id"]], [film]):
        made(ferrow, "Yes", media={"media_ids": ids})


def test_page_shows_pictures_and_videos(ferrow, sim, url):
    picture = upload(ferrow, samples.png(40, 30))
    wish = {"id": picture["id"], "metadata": {"alt_text": {"text": 'A "bag" <b>'}}}
    ferrow.post("/2/media/metadata", json=wish)
    made(ferrow, "Look", media={"media_ids": [picture["id"]]})
    film = video(ferrow, sim)
    made(ferrow, "Watch", media={"media_ids": [film["id"]]})
    page = plain.get(f"{url}/Ferrow_ZH")
    assert f'src="/media/{picture["media_key"]}"' in page.text
    assert 'alt="A &quot;bag&quot; &lt;b&gt;"' in page.text
    assert f'<video src="/media/{film["media_key"]}" controls' in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]
    part = plain.get(f"{url}/media/{film['media_key']}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    still = plain.get(f"{url}/media/{film['media_key']}/preview")
    assert still.headers["content-type"] == "image/svg+xml"
    assert plain.get(f"{url}/media/3_12345").status_code == 404
