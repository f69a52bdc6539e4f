"""Finding things: the page and what the palette asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.discussion.actions.talking import open_thread, remove_comment
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.framing import add_campaign
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.tests.plan import make_post
from yanzhen.search.words import marked, passage, terms_of


def found(answer):
    """Return the titles by kind, as they were shown."""
    return {
        one.kind.slug: ["".join(part.text for part in hit.title) for hit in one.hits]
        for one in answer.context["found"]
    }


@pytest.mark.parametrize("query", ["雁阵", "飞行的雁", "ROW 8", "row  LOUD", '"loud"', "100%"])
def test_search_finds_words_anywhere_in_either_language(look, cast, account, query):
    make_post(account, cast.zhou, "飞行的雁阵", 'Row 8 says "loud", 100% sure', title="Cabin")
    make_post(account, cast.zhou, "Something else entirely")
    assert found(look(q=query)) == {"posts": ["Cabin"]}


@pytest.mark.parametrize("query", ["雁_", "100_", "row 9", "%"])
def test_search_takes_signs_for_themselves_and_every_word_must_fit(look, cast, account, query):
    make_post(account, cast.zhou, "飞行的雁阵", "Row 8, 1000 seats")
    assert found(look(q=query)) == {}


def test_search_finds_full_width_words_by_half_width_rows(look, cast, account):
    make_post(account, cast.zhou, "AERO 2 is here")
    assert found(look(q="ＡＥＲＯ")) == {"posts": ["AERO 2 is here"]}


def test_search_finds_every_kind(look, cast, account):
    add_campaign(name="Lena's winter", code="winter", by=cast.lin, now=NOW)
    make_post(account, cast.zhou, "Lena flies")
    shown = found(look(q="lena"))
    assert shown["people"] == ["Lena"]
    assert shown["campaigns"] == ["Lena's winter"]
    assert shown["posts"] == ["Lena flies"]
    assert found(look(q="@ferrow_z")) == {"accounts": ["@Ferrow_ZH"]}


def test_search_finds_comments_that_stand_where_they_were_said(look, cast, account):
    post = make_post(account, cast.zhou, "Cabin", title="Seat 7A")
    comment = open_thread(post, by=cast.lin, body="这张雁阵的图太暗。", now=NOW)
    gone = open_thread(post, by=cast.lin, body="雁阵？", now=NOW)
    remove_comment(gone, by=cast.lin, now=NOW)
    dropped = make_post(account, cast.zhou, "Nothing")
    open_thread(dropped, by=cast.lin, body="雁阵", now=NOW)
    drop_post(dropped, by=cast.lin, now=NOW)
    (group,) = look(q="雁阵").context["found"]
    (hit,) = group.hits
    assert (group.kind.slug, hit.about) == ("comments", "Lin")
    assert "".join(part.text for part in hit.title) == comment.body
    assert "".join(part.text for part in hit.note) == "Seat 7A"
    assert hit.url.endswith(f"/discussion/?show=open#comment-{comment.pk}")
    assert found(look(q="雁阵", member=cast.wu)) == {}


def test_search_never_finds_what_is_another_brands_or_was_dropped(look, cast, account):
    post = make_post(account, cast.zhou, "Quiet cabin")
    assert found(look(q="quiet", member=cast.wu)) == {}
    assert found(look(q="lena", member=cast.wu)) == {}
    drop_post(post, by=cast.lin, now=NOW)
    assert found(look(q="quiet")) == {}


def test_search_of_one_kind_turns_pages(look, cast, account):
    for number in range(32):
        make_post(account, cast.zhou, f"Goose {number}")
    first = look(q="goose", kind="posts")
    second = look(q="goose", kind="posts", page=2)
    assert (len(first.context["hits"]), len(second.context["hits"])) == (30, 2)
    assert look(q="goose").context["found"][0].more


def test_search_marks_what_was_looked_for_and_escapes_the_rest(look, cast, account):
    make_post(account, cast.zhou, "Quiet <b>cabin</b>, please")
    text = look(q="cabin").text
    assert "Quiet &lt;b&gt;<mark>cabin</mark>&lt;/b&gt;, please" in text


@pytest.mark.parametrize("path", ["/search/", "/search/palette/"])
def test_search_costs_the_same_for_more(look, cast, account, path):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            look(path, q="goose")
        return len(caught)

    first = make_post(account, cast.zhou, "Goose one")
    open_thread(first, by=cast.lin, body="Goose?", now=NOW)
    before = cost()
    for number in range(3):
        post = make_post(account, cast.zhou, f"Goose {number}")
        open_thread(post, by=cast.lin, body="Goose?", now=NOW)
        add_campaign(name=f"Goose {number}", code=f"goose-{number}", by=cast.lin, now=NOW)
    assert cost() == before


def test_palette_without_words_shows_what_the_member_wrote_in_last(look, cast, account):
    mine = make_post(account, cast.zhou, "Mine")
    make_post(account, cast.lin, "Theirs")
    shown = look("/search/palette/").context["left_off"]
    assert [hit.post.pk for hit in shown] == [mine.pk]


def test_palette_speaks_chinese(look, cast, account):
    cast.zhou.user.language = "zh-hans"
    cast.zhou.user.save()
    make_post(account, cast.zhou, "Mine")
    assert "接着上次写" in look("/search/palette/").text


def test_title_alone_is_found_and_its_text_shown_from_the_match_on(look, cast, account):
    post = make_post(account, cast.zhou, "x" * 300 + " needle " + "y" * 300)
    change_details(post, by=cast.zhou, title="Hay", account=account, campaign=None, now=NOW)
    (hit,) = look(q="needle").context["found"][0].hits
    shown = "".join(part.text for part in hit.note)
    assert "needle" in shown
    assert shown.startswith("…")
    assert len(shown) < 150


def test_terms_are_few_and_short():
    assert terms_of("ｅｉｎ  two\tthree") == ["ein", "two", "three"]
    assert len(terms_of("a " * 50)) == 6
    assert terms_of("   ") == []


def test_parts_put_together_are_the_text():
    text = "Air, airport, AIR"
    parts = marked(text, ["air", "airport"])
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.match] == ["Air", "airport", "AIR"]
    assert passage("nothing here", ["goose"]) == []
