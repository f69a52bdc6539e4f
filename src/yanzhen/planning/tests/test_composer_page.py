"""The composer: what it shows, to whom, and what its small forms do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.actions.writing import cut_version, save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import copy_of, in_review, make_post, passed, timed

HTMX = {"HX-Request": "true"}


def url(name, post, *more):
    return reverse(name, args=[post.pk, *more])


@pytest.mark.parametrize(("language", "words"), [("en", "On X"), ("zh-hans", "在 X 上")])
def test_composer_speaks_the_readers_language(enter, cast, post, language, words):
    cast.zhou.user.language = language
    cast.zhou.user.save()
    page = enter(cast.zhou).get(url("post", post)).content.decode()
    assert words in page
    assert post.draft.texts[0] in page


def test_composer_gives_the_text_to_the_field_to_the_byte(enter, cast, account):
    text = "\n\n  </textarea> & lines\n"
    post = make_post(account, cast.zhou, text)
    page = enter(cast.zhou).get(url("post", post)).content.decode()
    # A parser drops the first line end of a textarea, so there is one more than in the text.
    assert ">\n\n\n  &lt;/textarea&gt; &amp; lines\n</textarea>" in page


@pytest.mark.parametrize("part", ["slug", "checks", "present", "versions", "standing"])
def test_composer_gives_a_piece_alone(enter, cast, post, part):
    piece = enter(cast.zhou).get(url("post", post), {"part": part}).content.decode()
    assert f'id="{part}"' in piece
    assert "<!doctype" not in piece.lower()
    assert ('hx-swap-oob="true"' in piece) == (part == "checks")


def test_composer_bars_the_way_to_review_and_says_why(enter, cast, account):
    post = make_post(account, cast.zhou, "x" * 290)
    page = enter(cast.zhou).get(url("post", post)).content.decode()
    assert 'aria-disabled="true" aria-describedby="why"' in page
    assert "10 characters over" in page
    assert url("review-submit", post) not in page


def test_composer_offers_the_self_check_to_the_author_only(enter, cast, post):
    submit = f'href="{url("review-submit", post)}"'
    assert submit in enter(cast.zhou).get(url("post", post)).content.decode()
    assert submit not in enter(cast.lin).get(url("post", post)).content.decode()


def test_composer_shows_text_and_no_fields_where_nobody_may_type(enter, cast, post):
    assert "<textarea id=" not in enter(cast.lena).get(url("post", post)).content.decode()
    in_review(post, cast.zhou)
    page = enter(cast.zhou).get(url("post", post)).content.decode()
    assert "<textarea id=" not in page
    assert "draft__read" in page


def test_composer_shows_who_else_was_here(enter, cast, post):
    assert "Lin saved" not in enter(cast.zhou).get(url("post", post)).content.decode()
    save_draft(post, by=cast.lin, texts=["Lin"], revision=1, now=NOW)
    assert "Lin saved" in enter(cast.zhou).get(url("post", post)).content.decode()
    assert "Lin saved" not in enter(cast.lin).get(url("post", post)).content.decode()


def test_composer_asks_as_much_for_three_segments_and_versions_as_for_one(enter, cast, account):
    client = enter(cast.zhou)
    small, large = make_post(account, cast.zhou), make_post(account, cast.zhou, "1", "2", "3")
    for revision, text in enumerate(("a", "b", "c"), 1):
        save_draft(large, by=cast.zhou, texts=[text, "2", "3"], revision=revision, now=NOW)
        cut_version(large, by=cast.zhou, now=NOW)

    def count(post):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("post", post)).status_code == 200
        return len(asked)

    cut_version(small, by=cast.zhou, now=NOW)
    count(small)
    assert count(small) == count(large)


POSTED = ["post-draft", "post-merge", "post-time", "post-untime", "post-details", "post-revise"]
POSTED += ["post-drop", "post-copy", "version-save"]


@pytest.mark.parametrize("missing", [False, True])
def test_every_address_is_404_for_foreign_and_missing_posts(enter, cast, post, missing):
    client = enter(cast.wu)
    pk = 999_999_999_999 if missing else post.pk
    found = [client.get(reverse(name, args=[pk])) for name in ("post", "post-compare")]
    found += [client.post(reverse(name, args=[pk])) for name in POSTED]
    found.append(client.post(reverse("version-restore", args=[pk, 1])))
    assert [answer.status_code for answer in found] == [404] * len(found)
    assert copy_of(post).state == PostState.DRAFT


def test_writing_addresses_refuse_who_holds_no_right(enter, cast, post):
    client = enter(cast.admin)
    for name in POSTED:
        assert client.post(url(name, post)).status_code == 403, name


def test_new_creates_nothing_before_it_is_sent(enter, cast, account):
    page = enter(cast.zhou).get(reverse("post-new"), {"day": "2026-03-10", "account": account.pk})
    assert 'value="2026-03-10"' in page.content.decode()
    assert enter(cast.zhou).get(reverse("post-new"), {"day": "2026-99-99"}).status_code == 200
    assert not Post.objects.exists()


def test_new_starts_a_post_with_its_time(enter, cast, account):
    sent = {"account": account.pk, "text": " hi\r\n", "date": "2026-03-10", "time": "10:00"}
    answer = enter(cast.zhou).post(reverse("post-new"), sent)
    post = Post.objects.get()
    assert answer.headers["Location"] == url("post", post)
    assert (post.draft.texts, post.due_zone) == ([" hi\n"], account.zone)


def test_new_asks_which_of_a_repeated_hour(enter, cast, account):
    sent = {"account": account.pk, "date": "2026-10-25", "time": "02:30"}
    answer = enter(cast.zhou).post(reverse("post-new"), sent)
    assert answer.status_code == 422
    assert "CEST, UTC+2" in answer.content.decode()
    assert not Post.objects.exists()
    enter(cast.zhou).post(reverse("post-new"), {**sent, "fold": "1"})
    assert Post.objects.get().due_fold == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "0"},
        {"time": "10:00"},
        {"date": "2026-03-29", "time": "02:30"},
        {"date": "2020-01-01", "time": "10:00"},
        {"title": "\x07"},
        {"date": "9999-01-01"},
    ],
)
def test_new_refuses_what_is_wrong_and_creates_nothing(enter, cast, account, wrong):
    sent = {"account": account.pk, "text": "kept words", **wrong}
    answer = enter(cast.zhou).post(reverse("post-new"), sent)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert not Post.objects.exists()


def test_new_without_accounts_points_to_connecting_one(enter, cast):
    page = enter(cast.zhou).get(reverse("post-new")).content.decode()
    assert "No account to write for" in page


def test_details_change_only_what_is_sent(enter, cast, post):
    other = make_account(cast.workspace, "Other")
    client = enter(cast.zhou)
    assert client.post(url("post-details", post), {"title": "T"}, headers=HTMX).status_code == 204
    assert client.post(url("post-details", post), {"account": other.pk}).status_code == 302
    post.refresh_from_db()
    assert (post.title, post.account) == ("T", other)
    foreign = make_account(cast.wu.workspace, "Foreign")
    assert client.post(url("post-details", post), {"account": foreign.pk}).status_code == 422


def test_revise_opens_a_passed_post(enter, cast, post):
    passed(post, cast.zhou)
    client = enter(cast.zhou)
    assert "Open for changes" in client.get(url("post", post)).content.decode()
    assert client.post(url("post-revise", post)).status_code == 302
    assert copy_of(post).state == PostState.DRAFT
    assert client.post(url("post-revise", post)).status_code == 409


def test_drop_and_start_again_from_the_same_text(enter, cast, post):
    client = enter(cast.lin)
    assert "?ask=drop" in client.get(url("post", post)).content.decode()
    assert client.post(url("post-drop", post)).status_code == 302
    assert url("post-copy", post) in client.get(url("post", post)).content.decode()
    client.post(url("post-copy", post))
    assert Post.objects.live().get().draft.texts == post.draft.texts


def test_details_of_a_dropped_post_still_show(enter, cast, post):
    drop_post(timed(post, cast.zhou), by=cast.lin, now=NOW)
    assert enter(cast.zhou).get(url("post", post)).status_code == 200
    assert Draft.objects.get(post=post).texts == post.draft.texts
