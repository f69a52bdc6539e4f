"""Saving over HTTP: the script's JSON, the plain form, and what two people see."""

import json

import pytest
from django.urls import reverse

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Draft, texts_of
from yanzhen.planning.tests.plan import in_review, make_post


def url(name, post):
    return reverse(name, args=[post.pk])


def by_script(client, post, sent):
    body = sent if isinstance(sent, bytes) else json.dumps(sent)
    return client.post(url("post-draft", post), body, content_type="application/json")


def draft_of(post):
    return Draft.objects.get(post=post)


def test_draft_saves_what_the_script_sends(enter, cast, post):
    answer = by_script(enter(cast.zhou), post, {"revision": 1, "texts": [" 👩🏽‍💻\r\n", "b"]})
    assert answer.json() == {"revision": 2, "saved": "17:00"}
    assert draft_of(post).texts == [" 👩🏽‍💻\n", "b"]


def test_draft_takes_put_as_well(enter, cast, post):
    body = json.dumps({"revision": 1, "texts": ["x"]})
    client = enter(cast.zhou)
    answer = client.put(url("post-draft", post), body, content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b" ",
        b"{",
        b"[1]",
        b"[" * 100_000,
        b"\xff",
        {"texts": ["x"]},
        {"texts": "x", "revision": 1},
        {"texts": [1], "revision": 1},
        {"texts": ["x"], "revision": True},
        {"texts": ["x"], "revision": 10**30},
        {"texts": ["x"], "revision": "1" * 99},
        {"texts": ["\x00"], "revision": 1},
        {"texts": ["\ud83d"], "revision": 1},
        {"texts": ["x"] * 26, "revision": 1},
    ],
)
def test_draft_refuses_what_it_cannot_keep_with_a_reason(enter, cast, post, sent):
    answer = by_script(enter(cast.zhou), post, sent)
    assert answer.status_code == 422
    assert answer.json()["why"]
    assert draft_of(post).revision == 1


def test_draft_of_a_post_in_review_says_where_it_is(enter, cast, post):
    in_review(post, cast.zhou)
    answer = by_script(enter(cast.zhou), post, {"revision": 1, "texts": ["x"]})
    assert answer.status_code == 409
    assert "In review" in answer.json()["why"]


def test_draft_conflict_shows_both_texts(enter, cast, post):
    save_draft(post, by=cast.lin, texts=["Their words"], revision=1, now=NOW)
    answer = by_script(enter(cast.zhou), post, {"revision": 1, "texts": ["My words"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>Their</del> words" in page
    assert "<ins>My</ins> words" in page
    assert "Lin changed the text" in page
    assert "<!doctype" not in page
    assert draft_of(post).texts == ["Their words"]


def form(client, post, *texts, revision=1, **more):
    return client.post(url("post-draft", post), {"text": texts, "revision": revision, **more})


@pytest.mark.parametrize(
    ("do", "texts", "goal"),
    [
        ("", ["a", "b", "c"], ""),
        ("add", ["a", "b", "c", ""], "#d4"),
        ("remove-2", ["a", "c"], "#d2"),
        ("up-3", ["a", "c", "b"], "#d2"),
        ("down-1", ["b", "a", "c"], "#d2"),
        ("up-1", ["a", "b", "c"], "#d1"),
        ("down-99", ["a", "b", "c"], ""),
        ("explode-²", ["a", "b", "c"], ""),
    ],
)
def test_draft_form_rearranges_and_saves(enter, post, do, texts, goal):
    answer = form(enter(post.author), post, "a", "b", "c", do=do)
    assert answer.headers["Location"] == url("post", post) + goal
    assert draft_of(post).texts == texts


def test_draft_form_on_an_old_page_keeps_both_texts_on_it(enter, cast, post):
    save_draft(post, by=cast.lin, texts=["Theirs"], revision=1, now=NOW)
    answer = form(enter(cast.zhou), post, "Mine")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ">\nMine</textarea>" in page
    assert 'name="mine" value="Mine"' in page


@pytest.mark.parametrize("wrong", [{"revision": ""}, {"revision": "-1"}, {"text": ["\x07"]}])
def test_draft_form_refuses_with_the_words_still_there(enter, cast, post, wrong):
    sent = {"text": ["Kept"], "revision": 1, **wrong}
    answer = enter(cast.zhou).post(url("post-draft", post), sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert draft_of(post).revision == 1


def test_draft_form_of_a_post_in_review_gives_the_words_back(enter, cast, post):
    in_review(post, cast.zhou)
    answer = form(enter(cast.zhou), post, "Mine, late")
    assert answer.status_code == 409
    assert "Mine, late" in answer.content.decode()


def merge(client, post, revision, *mine, **choices):
    sent = {f"choice-{name[1:]}": value for name, value in choices.items()}
    return client.post(url("post-merge", post), {"revision": revision, "mine": mine, **sent})


@pytest.mark.parametrize(
    ("choice", "texts"),
    [
        ("theirs", ["same", "Theirs b"]),
        ("mine", ["same", "Mine b"]),
        ("both", ["same", "Theirs b", "Mine b"]),
        ("odd", ["same", "Mine b"]),
    ],
)
def test_merge_does_as_chosen_and_keeps_theirs(enter, cast, account, choice, texts):
    post = make_post(account, cast.zhou, "same", "b")
    save_draft(post, by=cast.lin, texts=["same", "Theirs b"], revision=1, now=NOW)
    answer = merge(enter(cast.zhou), post, 2, "same", "Mine b", c1=choice)
    assert answer.status_code == 302
    assert draft_of(post).texts == texts
    kept = [list(texts_of(version)) for version in post.versions.all()]
    assert kept == ([] if choice == "theirs" else [["same", "Theirs b"]])


def test_merge_drops_what_only_mine_has_when_theirs_is_chosen(enter, cast, account):
    post = make_post(account, cast.zhou, "a", "b")
    save_draft(post, by=cast.lin, texts=["a", "b", "c"], revision=1, now=NOW)
    merge(enter(cast.zhou), post, 2, "new", "a", "b", "c", c0="theirs")
    assert draft_of(post).texts == ["a", "b", "c"]


def test_merge_about_an_older_draft_asks_again(enter, cast, post):
    save_draft(post, by=cast.lin, texts=["Second"], revision=1, now=NOW)
    save_draft(post, by=cast.maya, texts=["Third"], revision=2, now=NOW)
    answer = merge(enter(cast.zhou), post, 2, "Mine")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Maya changed the text" in page
    assert 'name="mine" value="Mine"' in page
    assert draft_of(post).texts == ["Third"]


def test_merge_refuses_a_broken_form_and_a_post_in_review(enter, cast, post):
    client = enter(cast.zhou)
    assert merge(client, post, "x", "Mine").status_code == 422
    assert merge(client, post, 1, "\x07", c0="mine").status_code == 422
    in_review(post, cast.zhou)
    assert merge(client, post, 1, "Mine").status_code == 409
