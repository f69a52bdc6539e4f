"""Keeping, comparing and restoring versions over HTTP."""

import pytest
from django.urls import reverse

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import cut_version, save_draft
from yanzhen.planning.models import Draft, texts_of
from yanzhen.planning.tests.plan import in_review, make_post

HTMX = {"HX-Request": "true"}


def url(name, post, *more):
    return reverse(name, args=[post.pk, *more])


@pytest.fixture
def grown(post, cast):
    """A post with two versions and a draft that differs from both."""
    cut_version(post, by=cast.zhou, now=NOW)
    save_draft(post, by=cast.zhou, texts=["Geese take turns."], revision=1, now=NOW)
    cut_version(post, by=cast.zhou, note="Shorter", now=NOW)
    save_draft(post, by=cast.zhou, texts=["Geese take long turns."], revision=2, now=NOW)
    return post


def test_version_save_keeps_the_draft_with_its_note(enter, cast, post):
    client = enter(cast.zhou)
    answer = client.post(url("version-save", post), {"note": "First  words"}, headers=HTMX)
    assert "Kept as v1" in answer.headers["HX-Trigger"]
    assert "First words" in answer.content.decode()
    again = client.post(url("version-save", post), {"note": ""}, headers=HTMX)
    assert "Nothing has changed since v1" in again.headers["HX-Trigger"]


def test_version_save_by_the_plain_form_saves_the_words_first(enter, cast, post):
    sent = {"text": ["New"], "revision": "1", "note": "n"}
    assert enter(cast.zhou).post(url("version-save", post), sent).status_code == 302
    assert texts_of(post.versions.get()) == ["New"]


def test_version_save_on_an_old_page_keeps_both_texts(enter, cast, post):
    save_draft(post, by=cast.lin, texts=["Theirs"], revision=1, now=NOW)
    sent = {"text": ["Mine"], "revision": "1"}
    answer = enter(cast.zhou).post(url("version-save", post), sent)
    assert answer.status_code == 409
    assert 'name="mine" value="Mine"' in answer.content.decode()
    assert not post.versions.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"note": "\x07"},
        {"note": "x" * 201},
        {"text": ["x"], "revision": "no"},
        {"text": ["\x07"], "revision": "1"},
        {"text": [" "], "revision": "1"},
    ],
)
def test_version_save_refuses_what_is_wrong(enter, cast, post, sent):
    answer = enter(cast.zhou).post(url("version-save", post), sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not post.versions.exists()


def test_version_save_with_words_for_a_post_in_review_is_409(enter, cast, post):
    in_review(post, cast.zhou)
    sent = {"text": ["Late"], "revision": "1"}
    assert enter(cast.zhou).post(url("version-save", post), sent).status_code == 409


def test_compare_shows_what_changed_by_words(enter, cast, grown):
    page = enter(cast.zhou).get(url("post-compare", grown)).content.decode()
    assert "Geese take <ins>long </ins>turns." in page


def test_compare_shows_any_two_versions(enter, cast, grown):
    page = enter(cast.zhou).get(url("post-compare", grown), {"a": 1, "b": 2}).content.decode()
    assert "<del> at the lead</del>" in page


@pytest.mark.parametrize("asked", [{"a": "9", "b": "x"}, {"a": "draft"}, {"a": "²", "b": "1"}])
def test_compare_of_nonsense_shows_something_sensible(enter, cast, grown, asked):
    assert enter(cast.zhou).get(url("post-compare", grown), asked).status_code == 200


def test_compare_without_versions_says_how_to_make_one(enter, cast, post):
    assert "No versions yet" in enter(cast.zhou).get(url("post-compare", post)).content.decode()


def test_restore_puts_the_words_back_and_keeps_the_others(enter, cast, grown):
    answer = enter(cast.zhou).post(url("version-restore", grown, 1), {"revision": 3})
    assert answer.status_code == 302
    assert Draft.objects.get(post=grown).texts == ["Geese take turns at the lead."]
    assert texts_of(grown.versions.get(number=3)) == ["Geese take long turns."]


def test_restore_on_an_old_revision_restores_nothing(enter, cast, grown):
    answer = enter(cast.zhou).post(url("version-restore", grown, 1), {"revision": 1})
    assert answer.status_code == 409
    assert Draft.objects.get(post=grown).texts == ["Geese take long turns."]


def test_restore_of_another_posts_version_is_404(enter, cast, account, grown):
    other = make_post(account, cast.zhou)
    answer = enter(cast.zhou).post(url("version-restore", other, 1), {"revision": 1})
    assert answer.status_code == 404


def test_restore_into_a_post_in_review_is_409(enter, cast, grown):
    in_review(grown, cast.zhou)
    answer = enter(cast.zhou).post(url("version-restore", grown, 1), {"revision": 3})
    assert answer.status_code == 409
