"""What hangs on a post: kept by script and by form, moved with its segment, never lost."""

import json
from dataclasses import asdict

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.library.actions import set_subtitles
from yanzhen.library.tests import makers
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import create_post, cut_version, save_draft
from yanzhen.planning.content import Terms
from yanzhen.planning.models import Draft, content_of
from yanzhen.planning.tests.pictures import hung, picture, uses, video
from yanzhen.planning.tests.plan import in_review, make_post

pytestmark = pytest.mark.usefixtures("store")
SRT = "1\n00:00:00,000 --> 00:00:01,000\nHello.\n"


def url(name, post, *more):
    return reverse(name, args=[post.pk, *more])


def by_script(client, post, **sent):
    body = json.dumps({"revision": 1, "texts": ["x"], **sent})
    return client.post(url("post-draft", post), body, content_type="application/json")


def by_form(client, post, **sent):
    return client.post(url("post-draft", post), {"revision": 1, "parts": "1", **sent})


def draft_of(post):
    return Draft.objects.get(post=post)


def test_draft_keeps_files_polls_and_terms_the_script_sends(enter, cast, post):
    media = picture(cast.zhou)
    extras = [{"media": [{"media": media.pk, "alt": " Two\ngeese "}]}, {"poll": _poll()}]
    terms = {"reply_settings": "following", "reply_to": "https://x.com/a/status/12?s=20"}
    answer = by_script(
        enter(cast.zhou), post, texts=["a", "b"], extras=extras, terms={**terms, "made_with_ai": 1}
    )
    assert answer.json() == {"revision": 2, "saved": "17:00"}
    first, second = draft_of(post).content.segments
    assert [(use.sha256, use.kind, use.alt) for use in first.media] == [
        (media.sha256, "image", "Two geese")
    ]
    assert second.poll.as_json() == {"options": ["Aisle", "Window"], "minutes": 90}
    assert draft_of(post).content.terms == Terms("following", "12", made_with_ai=True)


def _poll():
    return {"options": ["Aisle", " ", "Window"], "minutes": 90}


def test_draft_without_extras_keeps_what_hangs_by_position(enter, cast, account):
    media = picture(cast.zhou)
    post = create_post(account=account, by=cast.zhou, texts=["a"], extras=[hung(media)], now=NOW)
    assert by_script(enter(cast.zhou), post, texts=["changed"]).status_code == 200
    assert uses(post) == [[media.pk]]


@pytest.mark.parametrize(
    "sent",
    [
        {"extras": "x"},
        {"extras": ["x"]},
        {"extras": [{"media": "x"}]},
        {"extras": [{"media": [{"media": "1", "alt": ""}]}]},
        {"extras": [{"media": [{"media": 10**30, "alt": ""}]}]},
        {"extras": [{"media": [{"media": True, "alt": ""}]}]},
        {"extras": [{"media": [{"media": 1, "alt": 7}]}]},
        {"extras": [{"media": [{"media": 999, "alt": ""}]}]},
        {"extras": [{"poll": "x"}]},
        {"extras": [{"poll": {"options": [1], "minutes": 60}}]},
        {"extras": [{"poll": {"options": ["a"] * 9, "minutes": 60}}]},
        {"extras": [{"poll": {"options": ["a"], "minutes": "60"}}]},
        {"extras": [{"poll": {"options": ["\x00"], "minutes": 60}}]},
        {"terms": "x"},
        {"terms": {"reply_settings": "nobody"}},
        {"terms": {"reply_to": 7}},
        {"terms": {"reply_to": "https://x.com/ferrow"}},
        {"terms": {"quote": "javascript:alert(1)"}},
    ],
)
def test_draft_refuses_parts_it_cannot_keep_with_a_reason(enter, cast, post, sent):
    answer = by_script(enter(cast.zhou), post, **sent)
    assert answer.status_code == 422
    assert answer.json()["why"]
    assert draft_of(post).revision == 1


def test_draft_refuses_an_alt_text_too_long_and_says_so(enter, cast, post):
    extras = [{"media": [{"media": picture(cast.zhou).pk, "alt": "x" * 1001}]}]
    assert "1000 characters" in by_script(enter(cast.zhou), post, extras=extras).json()["why"]


def test_draft_refuses_another_workspace_s_files(enter, cast, post):
    foreign = picture(cast.wu)
    answer = by_script(enter(cast.zhou), post, extras=[hung(foreign)])
    assert "not in this workspace" in answer.json()["why"]


def test_form_keeps_files_polls_and_terms_without_scripts(enter, cast, post):
    one, two = picture(cast.zhou), picture(cast.zhou, size=(90, 80))
    answer = by_form(
        enter(cast.zhou),
        post,
        **{
            "text": ["a", "b"],
            "media-1": [one.pk, two.pk],
            "alt-1": ["First", "Second"],
            "poll-2": "on",
            "option-2": ["Yes", "No", "", ""],
            "days-2": "0",
            "hours-2": "2",
            "minutes-2": "30",
            "reply_settings": "verified",
            "reply_to": "77",
            "paid_partnership": "on",
        },
    )
    assert answer.status_code == 302
    first, second = draft_of(post).content.segments
    assert [use.alt for use in first.media] == ["First", "Second"]
    assert asdict(second.poll) == {"options": ("Yes", "No"), "minutes": 150}
    assert draft_of(post).content.terms == Terms("verified", "77", paid_partnership=True)


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("down-1", [[3], [1, 2]]),
        ("remove-1", [[3]]),
        ("later-1-1", [[2, 1], [3]]),
        ("earlier-1-2", [[2, 1], [3]]),
        ("earlier-1-1", [[1, 2], [3]]),
        ("off-1-1", [[2], [3]]),
        ("off-1-9", [[1, 2], [3]]),
        ("off-1", [[1, 2], [3]]),
        ("poll-2", [[1, 2], [3]]),
        ("add", [[1, 2], [3], []]),
    ],
)
def test_form_moves_what_hangs_with_its_segment(enter, cast, post, do, expected):
    media = [picture(cast.zhou, size=(90 + n, 80)) for n in range(3)]
    sent = {"text": ["a", "b"], "media-1": [m.pk for m in media[:2]], "media-2": [media[2].pk]}
    by_form(enter(cast.zhou), post, do=do, **sent)
    numbers = {each.pk: at for at, each in enumerate(media, 1)}
    assert [[numbers[pk] for pk in row] for row in uses(post)] == expected
    assert bool(draft_of(post).content.segments[1:2] and do == "poll-2") == (
        any(segment.poll for segment in draft_of(post).content.segments)
    )


def test_form_that_says_texts_alone_moves_the_stored_files_too(enter, cast, account):
    media = picture(cast.zhou)
    post = create_post(
        account=account, by=cast.zhou, texts=["a", "b"], extras=[hung(media)], now=NOW
    )
    enter(cast.zhou).post(
        url("post-draft", post), {"revision": 1, "text": ["a", "b"], "do": "down-1"}
    )
    assert uses(post) == [[], [media.pk]]


def test_form_with_a_link_that_names_no_post_keeps_everything_on_the_page(enter, cast, post):
    media = picture(cast.zhou)
    answer = by_form(
        enter(cast.zhou),
        post,
        **{"text": "Kept words", "media-1": media.pk, "alt-1": "Kept alt", "reply_to": "nonsense"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“nonsense” names no post on X" in page
    assert "Kept words" in page
    assert "Kept alt" in page


def test_attach_button_saves_first_and_leads_to_the_files(enter, cast, post):
    answer = by_form(enter(cast.zhou), post, text="New words", do="attach-1")
    assert answer.headers["Location"] == url("post-attach", post, 1)
    assert draft_of(post).texts == ["New words"]


def test_attach_page_hangs_a_file_of_the_library_with_its_alt_text(enter, cast, post):
    media = picture(cast.zhou)
    media.alt = "From the library"
    media.save()
    client = enter(cast.zhou)
    assert f'value="{media.pk}"' in client.get(url("post-attach", post, 1)).text
    answer = client.post(url("post-attach", post, 1), {"media": media.pk})
    assert answer.headers["Location"] == url("post", post) + "#d1"
    assert [use.alt for use in draft_of(post).content.segments[0].media] == ["From the library"]


def test_attach_page_takes_new_files_and_says_what_it_did_not_take(enter, cast, post):
    files = [
        SimpleUploadedFile("one.png", makers.image("PNG")),
        SimpleUploadedFile("two.exe", b"MZ nothing"),
    ]
    answer = enter(cast.zhou).post(url("post-attach", post, 1), {"file": files})
    assert answer.status_code == 422
    assert "two.exe" in answer.text
    assert len(uses(post)[0]) == 1


def test_attach_page_gives_the_dialog_its_tiles_alone(enter, cast, post):
    picture(cast.zhou)
    page = enter(cast.zhou).get(url("post-attach", post, 1) + "?part=tiles").text
    assert "data-pick" in page
    assert "<!doctype" not in page


@pytest.mark.parametrize("number", [0, 2])
def test_attach_page_of_a_segment_that_is_not_there_is_nowhere(enter, cast, post, number):
    assert enter(cast.zhou).get(url("post-attach", post, number)).status_code == 404


def test_attach_refuses_foreign_files_no_file_and_a_post_in_review(enter, cast, post):
    client = enter(cast.zhou)
    assert (
        client.post(url("post-attach", post, 1), {"media": picture(cast.wu).pk}).status_code == 404
    )
    assert client.post(url("post-attach", post, 1)).status_code == 422
    in_review(post, cast.zhou)
    own = picture(cast.zhou)
    assert client.post(url("post-attach", post, 1), {"media": own.pk}).status_code == 409
    assert uses(post) == [[]]


CROP = {"left": 0, "top": 0, "width": 60, "height": 40, "turn": 0}


def test_edited_image_takes_the_old_one_s_place_and_keeps_the_post_s_words(enter, cast, account):
    media, other = picture(cast.zhou), picture(cast.zhou, size=(90, 90))
    post = create_post(
        account=account, by=cast.zhou, texts=["a"], extras=[hung(other, media)], now=NOW
    )
    client = enter(cast.zhou)
    assert "data-picture" in client.get(url("post-media-edit", post, media.pk)).text
    answer = client.post(url("post-media-edit", post, media.pk), CROP)
    assert answer.headers["Location"] == url("post", post)
    kept, made = draft_of(post).content.segments[0].media
    assert kept.media == other.pk
    assert made.media != media.pk
    assert made.alt == "Geese"


def test_edit_refuses_what_changes_nothing_and_files_not_in_the_post(enter, cast, account):
    media, other = picture(cast.zhou), picture(cast.zhou, size=(90, 90))
    post = create_post(account=account, by=cast.zhou, texts=["a"], extras=[hung(media)], now=NOW)
    client = enter(cast.zhou)
    whole = {**CROP, "width": 120, "height": 80}
    assert client.post(url("post-media-edit", post, media.pk), whole).status_code == 422
    assert client.post(url("post-media-edit", post, media.pk), {}).status_code == 422
    assert client.get(url("post-media-edit", post, other.pk)).status_code == 404
    in_review(post, cast.zhou)
    assert client.post(url("post-media-edit", post, media.pk), CROP).status_code == 409


def test_page_shows_what_hangs_in_editor_preview_and_when_fixed(enter, cast, account):
    image, clip = picture(cast.zhou), video(cast.zhou)
    extras = [hung(image), hung(clip), {"poll": {"options": ["Yes", "No"], "minutes": 60}}]
    post = create_post(
        account=account,
        by=cast.zhou,
        texts=["a", "b", "c"],
        extras=extras,
        terms=Terms("verified", made_with_ai=True),
        now=NOW,
    )
    client = enter(cast.zhou)
    page = client.get(url("post", post)).text
    assert page.count("data-shot ") == 3  # two files and the pattern
    assert 'data-count="1"' in page
    assert "open for 1 hour" in page
    assert "Who may reply: Only verified accounts" in page
    preview = client.get(url("post", post) + "?part=preview").text
    assert preview.lstrip().startswith("<x-preview")
    in_review(post, cast.zhou)
    fixed = client.get(url("post", post)).text
    assert "thread-editor" not in fixed
    assert "Marked as made with AI" in fixed


def test_page_costs_one_query_more_for_files_however_many(enter, cast, account, post):
    media = [picture(cast.zhou, size=(90 + n, 80)) for n in range(4)]
    counts = []
    for number in (1, 4):
        shown = create_post(
            account=account, by=cast.zhou, texts=["a"], extras=[hung(*media[:number])], now=NOW
        )
        client = enter(cast.zhou)
        client.get(url("post", shown))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("post", shown))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_conflict_shows_and_keeps_both_sides_files(enter, cast, account):
    one, two = picture(cast.zhou), picture(cast.lin, size=(90, 80))
    post = make_post(account, cast.zhou, "Same words")
    save_draft(post, by=cast.lin, texts=["Same words"], extras=[hung(two)], revision=1, now=NOW)
    client = enter(cast.zhou)
    answer = by_script(client, post, texts=["Same words"], extras=[hung(one)])
    page = answer.content.decode()
    assert answer.status_code == 409
    assert reverse("media-thumbnail", args=[one.pk]) in page
    assert reverse("media-thumbnail", args=[two.pk]) in page
    sent = {
        "revision": 2,
        "mine": ["Same words"],
        "mine-extra": [json.dumps(hung(one))],
        "choice-0": "both",
    }
    assert client.post(url("post-merge", post), sent).status_code == 302
    assert uses(post) == [[one.pk, two.pk]]
    assert content_of(post.versions.get()).segments[0].media[0].media == two.pk


@pytest.mark.parametrize(("choice", "expected"), [("theirs", "verified"), ("mine", "following")])
def test_conflict_about_terms_is_settled_as_chosen(enter, cast, post, choice, expected):
    theirs = Terms("verified")
    save_draft(post, by=cast.lin, texts=["x"], terms=theirs, revision=1, now=NOW)
    client = enter(cast.zhou)
    answer = by_script(client, post, terms={"reply_settings": "following"})
    assert "choice-terms" in answer.content.decode()
    sent = {
        "revision": 2,
        "mine": ["x"],
        "mine-extra": ["{}"],
        "mine-terms": json.dumps({"reply_settings": "following"}),
        "choice-terms": choice,
    }
    assert client.post(url("post-merge", post), sent).status_code == 302
    assert draft_of(post).content.terms.reply_settings == expected


@pytest.mark.parametrize("wrong", ["{", '"x"', '[{"media":[{"media":1}]}', "[" * 100_000])
def test_merge_with_broken_parts_gives_the_words_back(enter, cast, post, wrong):
    sent = {"revision": 1, "mine": ["My words"], "mine-extra": [wrong]}
    answer = enter(cast.zhou).post(url("post-merge", post), sent)
    assert answer.status_code == 422
    assert "My words" in answer.content.decode()


def test_version_takes_over_subtitles_saved_after_the_draft(cast, account):
    clip = video(cast.zhou)
    post = create_post(account=account, by=cast.zhou, texts=["a"], extras=[hung(clip)], now=NOW)
    first = cut_version(post, by=cast.zhou, now=NOW)
    saved = set_subtitles(
        media=clip, by=cast.zhou, language="en", label="English", text=SRT, now=NOW
    )
    second = cut_version(post, by=cast.zhou, now=NOW)
    assert content_of(second).segments[0].media[0].subtitles == {"en": saved.sha256}
    assert first.digest != second.digest


def test_compare_shows_files_alt_texts_polls_and_terms_that_changed(enter, cast, account):
    one, two = picture(cast.zhou), picture(cast.zhou, size=(90, 80))
    post = create_post(account=account, by=cast.zhou, texts=["a"], extras=[hung(one)], now=NOW)
    cut_version(post, by=cast.zhou, now=NOW)
    extras = [{**hung(one, two, alt="Two geese"), "poll": {"options": ["Yes"], "minutes": 60}}]
    save_draft(
        post,
        by=cast.zhou,
        texts=["a"],
        extras=extras,
        terms=Terms(paid_partnership=True),
        revision=1,
        now=NOW,
    )
    page = enter(cast.zhou).get(url("post-compare", post)).text
    assert 'data-fate="added"' in page
    assert "<ins>Two geese</ins>" in page
    assert "<ins>Yes</ins>" in page
    assert "<ins>Marked as paid partnership</ins>" in page
    assert "The two are the same" not in page
