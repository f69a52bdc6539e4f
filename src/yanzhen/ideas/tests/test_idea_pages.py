"""The board of ideas and the page of one."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.ideas.actions.ideas import Wish, add_idea, move_idea, write_drafts
from yanzhen.ideas.models import Idea
from yanzhen.library.models import Asset
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.tests.cast import NOW
from yanzhen.search.kinds import find


def make_idea(by, title="Night trains", **more):
    return add_idea(wish=Wish(title=title, **more), by=by, now=NOW)


def test_idea_goes_from_the_board_to_a_draft_with_its_brief(enter, cast, account):
    client = enter(cast.zhou)
    client.post(reverse("idea-new"), {"title": "Night trains", "goal": "Sleep well"})
    idea = Idea.objects.get()
    client.post(reverse("idea-move", args=[idea.pk]), {"move": "brief"})
    answer = client.post(reverse("idea-draft", args=[idea.pk]), {"account": account.pk})
    post = idea.written.get().post
    assert answer.url == reverse("post", args=[post.pk])
    assert reverse("post-idea", args=[post.pk]) in client.get(answer.url).content.decode()
    pane = client.get(reverse("post-idea", args=[post.pk])).content.decode()
    assert "Sleep well" in pane
    page = client.get(reverse("idea", args=[idea.pk])).content.decode()
    assert answer.url in page


@pytest.mark.parametrize(
    "sent",
    [
        {"title": ""},
        {"title": "x", "links": "javascript:alert(1)"},
        {"title": "x", "deadline_date": "2026-02-30"},
        {"title": "x", "accounts": "99999"},
        {"title": "\x00"},
    ],
)
def test_idea_is_asked_for_again_when_it_cannot_be_kept(enter, cast, sent):
    assert enter(cast.zhou).post(reverse("idea-new"), sent).status_code in (400, 422)
    assert not Idea.objects.exists()


def test_draft_without_an_account_and_unknown_moves_are_told(enter, cast, account):
    idea = move_idea(make_idea(cast.zhou), move="brief", by=cast.zhou, now=NOW)
    client = enter(cast.zhou)
    assert client.post(reverse("idea-draft", args=[idea.pk])).status_code == 422
    assert client.post(reverse("idea-move", args=[idea.pk]), {"move": "draft"}).status_code == 302
    assert Idea.objects.get().state == "brief"


def test_board_and_list_find_by_words_of_either_language(enter, cast):
    make_idea(cast.zhou, "夜行列车")
    make_idea(cast.zhou, "Window seats")
    client = enter(cast.zhou)
    board = client.get(reverse("ideas"), {"q": "列车"}).context["piles"]
    assert [idea.title for pile in board for idea in pile.ideas] == ["夜行列车"]
    found = find(cast.zhou, ["列车"], most=5)
    assert [each.kind.slug for each in found] == ["ideas"]
    move_idea(Idea.objects.get(title="Window seats"), move="drop", by=cast.zhou, now=NOW)
    page = client.get(reverse("ideas"), {"state": "dropped"}).context["page"]
    assert [idea.title for idea in page] == ["Window seats"]


def test_board_asks_as_much_for_three_as_for_one(enter, cast, account):
    client = enter(cast.zhou)

    def add():
        idea = move_idea(make_idea(cast.zhou), move="brief", by=cast.zhou, now=NOW)
        write_drafts(idea, accounts=[account, account], by=cast.zhou, now=NOW)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("ideas")).status_code == 200
        return len(asked)

    add()
    count()
    one = count()
    add()
    add()
    assert count() == one


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_board_speaks_the_readers_language(enter, cast, language):
    cast.zhou.user.language = language
    cast.zhou.user.save()
    page = enter(cast.zhou).get(reverse("ideas")).content.decode()
    assert ("写下你的第一个想法" if language == "zh-hans" else "The first idea is yours") in page


def test_whoever_saves_second_sees_both_and_may_save_again(enter, cast):
    idea = make_idea(cast.zhou)
    client = enter(cast.zhou)
    address = reverse("idea-edit", args=[idea.pk])
    mine = {"title": "Mine", "revision": idea.revision}
    client.post(address, {"title": "Theirs", "revision": idea.revision})
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Save again to keep yours" in page
    assert ">Theirs<" in page
    assert Idea.objects.get(pk=idea.pk).title == "Theirs"
    again = {"title": answer.context["form"]["title"].value()}
    again["revision"] = answer.context["form"]["revision"].value()
    assert client.post(address, again).status_code == 302
    assert Idea.objects.get(pk=idea.pk).title == "Mine"


def asset_of(member, data, name, **more):
    return upload(member, data, name, **more).asset


def test_files_go_from_the_library_to_the_brief_to_the_draft(enter, cast, account, store):
    idea = move_idea(make_idea(cast.zhou), move="brief", by=cast.zhou, now=NOW)
    pictures = [
        asset_of(cast.zhou, makers.image("PNG", size=(60 + number, 40)), f"{number}.png")
        for number in range(6)
    ]
    Asset.objects.filter(pk=pictures[1].pk).update(expires_at=NOW)
    fly = asset_of(cast.zhou, makers.gif(), "fly.gif")
    paper = asset_of(cast.zhou, b"What we know of geese", "geese.txt", documents=True)
    foreign = asset_of(cast.wu, makers.image("JPEG"), "foreign.jpg")
    client = enter(cast.zhou)
    address = reverse("idea-files", args=[idea.pk])
    chosen = [asset.pk for asset in (paper, fly, *pictures, foreign)]
    found = client.get(address, {"q": "know of"}).context["files"]
    assert [each.media.asset for each in found] == [paper]
    assert client.post(address, {"asset": chosen}).url == reverse("idea", args=[idea.pk])
    shown = client.get(reverse("idea", args=[idea.pk])).context["files"]
    assert [each.media.asset for each in shown] == [paper, fly, *pictures]
    # What ended may be read about, and does not go on a post.
    assert [each.unfit != "" for each in shown].index(True) == 3
    client.post(reverse("idea-draft", args=[idea.pk]), {"account": account.pk})
    post = idea.written.get().post
    (extra,) = post.draft.extras
    hung = [pictures[number].files.get().pk for number in (0, 2, 3, 4)]
    assert [use["media"] for use in extra["media"]] == hung
    pane = client.get(reverse("post-idea", args=[post.pk])).content.decode()
    assert reverse("media", args=[paper.files.get().pk]) in pane
    assert "Take off" not in pane
    used = client.get(reverse("media", args=[paper.files.get().pk])).content.decode()
    assert "Night trains" in used


def test_a_file_is_taken_off_a_brief_and_put_back(enter, cast, store):
    idea = make_idea(cast.zhou)
    paper = asset_of(cast.zhou, b"What we know of geese", "geese.txt", documents=True)
    client = enter(cast.zhou)
    client.post(reverse("idea-files", args=[idea.pk]), {"asset": paper.pk})
    answer = client.post(
        reverse("idea-file-off", args=[idea.pk]),
        {"asset": paper.pk},
        headers={"HX-Request": "true"},
    )
    assert not idea.files.exists()
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    client.post(undo)
    assert idea.files.get().asset == paper
    kinds = [event.kind for event in events().objects.about("ideas.idea", str(idea.pk))]
    assert kinds.count("ideas.files_added") == 2
    assert enter(cast.lena).get(reverse("idea-files", args=[idea.pk])).status_code == 403
    assert enter(cast.wu).get(reverse("idea-files", args=[idea.pk])).status_code == 404


def test_a_brief_holds_only_so_many_files_and_says_so(enter, cast, store, monkeypatch):
    monkeypatch.setattr("yanzhen.ideas.actions.files.MOST_FILES", 1)
    idea = make_idea(cast.zhou)
    pair = [asset_of(cast.zhou, text, "a.txt", documents=True).pk for text in (b"One", b"Two")]
    client = enter(cast.zhou)
    address = reverse("idea-files", args=[idea.pk])
    assert client.post(address, {"asset": pair}).status_code == 422
    assert client.post(address, {"asset": "x"}).status_code == 422
    assert not idea.files.exists()
    with CaptureQueriesContext(connection) as none:
        client.get(reverse("idea", args=[idea.pk]))
    client.post(address, {"asset": pair[0]})
    client.get(reverse("idea", args=[idea.pk]))
    monkeypatch.setattr("yanzhen.ideas.actions.files.MOST_FILES", 9)
    client.post(address, {"asset": pair[1]})
    client.get(reverse("idea", args=[idea.pk]))
    with CaptureQueriesContext(connection) as two:
        client.get(reverse("idea", args=[idea.pk]))
    assert len(two) <= len(none) + 1
