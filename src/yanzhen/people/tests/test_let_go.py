import pytest
from django.test import Client

from yanzhen.channels.tests.accounts import make_account
from yanzhen.library.actions.texts import Wording, add_text
from yanzhen.library.models.texts import TextKind
from yanzhen.people.actions.letting_go import NobodyToTakeIt, let_go
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import kinds, last_sentence
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Post
from yanzhen.review.tests.rounds import make_post, submitted
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.models import Task


@pytest.fixture
def desk(cast):
    """Zhou with a draft, a post in review, a task and an agreed line."""
    account = make_account(cast.workspace)
    desk = {
        "draft": make_post(account, cast.zhou, title="Half a thought"),
        "sent": submitted(account, cast.zhou).post,
        "task": create_task(cast.zhou, wish=Wish(title="Ask Mara", assignee=cast.zhou), now=NOW),
        "line": add_text(
            TextKind.LINE,
            wording=Wording(title="Hello", body="Hello there", language="en", owner=cast.zhou),
            by=cast.zhou,
            now=NOW,
        ),
    }
    create_task(cast.maya, wish=Wish(title="Not theirs", assignee=cast.maya), now=NOW)
    return desk


def test_let_go_hands_over_what_goes_over_in_one_step(cast, desk):
    count = let_go(cast.zhou, to=cast.maya, seen=0, by=cast.admin, now=NOW)
    for row in desk.values():
        row.refresh_from_db()
    assert count == 3
    assert desk["draft"].author == cast.maya
    assert set(desk["draft"].writers.all()) == {cast.zhou, cast.maya}, "nor may the new one pass it"
    assert desk["sent"].author == cast.zhou, "what is on its way was signed by its author"
    assert desk["task"].assignee == cast.maya
    assert desk["line"].owner == cast.maya
    assert not Member.objects.get(pk=cast.zhou.pk).active
    assert kinds(cast.workspace)[-1] == "people.handed_over"
    assert last_sentence(cast.workspace) == "Sam handed what Zhou had to Maya"


def test_let_go_to_nobody_leaves_all_under_their_name_for_later(cast, desk):
    assert let_go(cast.zhou, to=None, seen=0, by=cast.admin, now=NOW) == 0
    assert Task.objects.get(pk=desk["task"].pk).assignee == cast.zhou
    former = Member.objects.with_roles().get(pk=cast.zhou.pk)
    assert let_go(former, to=cast.maya, seen=1, by=cast.admin, now=NOW) == 3


@pytest.mark.parametrize("who", ["zhou", "wu"])
def test_let_go_refuses_who_cannot_take_it_and_keeps_the_member(cast, desk, who):
    with pytest.raises(NobodyToTakeIt):
        let_go(cast.zhou, to=getattr(cast, who), seen=0, by=cast.admin, now=NOW)
    assert Member.objects.get(pk=cast.zhou.pk).active


def test_let_go_needs_the_right_for_a_former_member_too(cast, desk):
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    former = Member.objects.with_roles().get(pk=cast.zhou.pk)
    with pytest.raises(NotAllowed):
        let_go(former, to=cast.maya, seen=1, by=cast.maya, now=NOW)


def test_let_go_keeps_an_embargoed_draft_from_who_may_not_read_it(cast, desk):
    embargo = Embargo.objects.create(
        workspace=cast.workspace,
        post=desk["draft"],
        set_by=cast.lin,
        set_at=NOW,
        lifts_wall="2099-01-01T09:00",
        lifts_zone="UTC",
        lifts_at=NOW.replace(year=2099),
    )
    embargo.readers.set([cast.lin, cast.zhou])
    assert let_go(cast.zhou, to=cast.maya, seen=0, by=cast.admin, now=NOW) == 2
    assert Post.objects.get(pk=desk["draft"].pk).author == cast.zhou


def test_leaving_page_lists_what_they_hold_and_lets_them_go(cast, desk, sign_in):
    theirs = Client()
    theirs.force_login(cast.zhou.user)
    assert theirs.get("/team/").status_code == 200
    client = sign_in(cast.admin)
    address = f"/team/{cast.zhou.pk}/leaving/"
    page = client.get(address)
    for words in ("Half a thought", "Ask Mara", "Posts in review", "Agreed lines"):
        assert words in page.text
    assert "Not theirs" not in page.text
    assert client.post(address, {"to": cast.zhou.pk, "seen": 0}).status_code == 422
    assert client.post(address, {"to": cast.maya.pk, "seen": 7}).status_code == 409
    assert theirs.get("/team/").status_code == 200
    answer = client.post(address, {"to": cast.maya.pk, "seen": 0}, follow=True)
    assert "3 things went to Maya" in answer.text
    assert theirs.get("/team/").status_code == 302
    assert "Posts in review" in client.get(address).text
    assert client.get(f"/team/{cast.wu.pk}/leaving/").status_code == 404
