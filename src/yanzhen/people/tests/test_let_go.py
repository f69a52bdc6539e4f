from datetime import datetime, timedelta

import pytest
from django.test import Client

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.library.actions.texts import Wording, add_text
from yanzhen.library.models.texts import TextKind
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.invitations import invite_member
from yanzhen.people.actions.letting_go import NobodyToTakeIt, let_go
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Invitation, Member, Role
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, entitled, join, make_user
from yanzhen.people.tests.told import kinds, last_sentence
from yanzhen.planning.actions.slotting import SlotWish, add_slot
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Post, Slot
from yanzhen.review.tests.rounds import make_post, submitted
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.models import Task

NOON = datetime.fromisoformat("2026-03-10T12:00")


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
    gone = let_go(cast.zhou, to=cast.maya, seen=0, by=cast.admin, now=NOW)
    for row in desk.values():
        row.refresh_from_db()
    assert (gone.count, list(gone.stays)) == (3, [])
    assert desk["draft"].author == cast.maya
    assert set(desk["draft"].writers.all()) == {cast.zhou, cast.maya}, "nor may the new one pass it"
    assert desk["sent"].author == cast.zhou, "what is on its way was signed by its author"
    assert desk["task"].assignee == cast.maya
    assert desk["line"].owner == cast.maya
    assert not Member.objects.get(pk=cast.zhou.pk).active
    assert kinds(cast.workspace)[-1] == "people.handed_over"
    assert last_sentence(cast.workspace) == "Sam reassigned what Zhou had in hand to Maya"


def test_let_go_to_nobody_leaves_all_under_their_name_for_later(cast, desk):
    assert let_go(cast.zhou, to=None, seen=0, by=cast.admin, now=NOW).count == 0
    assert Task.objects.get(pk=desk["task"].pk).assignee == cast.zhou
    former = Member.objects.with_roles().get(pk=cast.zhou.pk)
    assert let_go(former, to=cast.maya, seen=1, by=cast.admin, now=NOW).count == 3


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
    assert let_go(cast.zhou, to=cast.maya, seen=0, by=cast.admin, now=NOW).count == 2
    assert Post.objects.get(pk=desk["draft"].pk).author == cast.zhou


@pytest.fixture
def elsewhere(cast):
    """Zhou with a draft and a slot for each of two accounts; Kim writes for the first alone."""
    here, there = make_account(cast.workspace), make_account(cast.workspace, handle="FerrowCare")
    for account, title in ((here, "Half a thought"), (there, "Another thought")):
        make_post(account, cast.zhou, title=title)
        add_slot(
            SlotWish(account=account, wall=NOON, zone="Europe/Berlin", owner=cast.zhou),
            by=cast.lin,
            now=NOW,
        )
    writes = (Decision.POST_WRITE, Decision.POST_SUBMIT)
    return entitled(cast, "Kim", *writes, account=here)


def test_let_go_leaves_and_names_what_the_taker_may_not_write(cast, elsewhere):
    gone = let_go(cast.zhou, to=elsewhere, seen=0, by=cast.admin, now=NOW)
    assert gone.count == 2
    assert [(each.holding.slug, each.count, each.first) for each in gone.stays] == [
        ("planning.drafts", 1, ["Another thought"]),
        ("planning.slots", 1, []),
    ]
    owners = Slot.objects.values_list("account__handle", "owner__user__name")
    assert dict(owners) == {"Ferrow": "Kim", "FerrowCare": "Zhou"}
    assert Post.objects.get(title="Another thought").author == cast.zhou
    assert set(Post.objects.get(title="Another thought").writers.all()) == {cast.zhou}


def test_leaving_page_offers_who_may_have_some_of_it_and_says_what_stayed(cast, elsewhere, sign_in):
    lent = [Decision.POST_WRITE, Decision.POST_SUBMIT]
    tonight = NOW + timedelta(hours=8)
    delegate(cast.maya, receiver=cast.lena, decisions=lent, ends_at=tonight, by=cast.maya, now=NOW)
    client, address = sign_in(cast.admin), f"/team/{cast.zhou.pk}/leaving/"
    with set_to(NOW):
        offered = client.get(address).context["form"].fields["to"].queryset
        assert [str(each) for each in offered] == ["Kim", "Lin", "Maya"], "Lena was only lent it"
        assert client.post(address, {"to": cast.lena.pk, "seen": 0}).status_code == 422
        answer = client.post(address, {"to": elsewhere.pk, "seen": 0}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    said = [str(each) for each in answer.context["messages"]]
    assert said[1] == (
        "Kim may not have this, so it stays under Zhou’s name: Drafts and returned posts (Another "
        "thought); Slots to fill (1). Hand it over to somebody else here."
    )
    assert client.post(address, {"to": cast.maya.pk, "seen": 1}).url == f"/team/{cast.zhou.pk}/"
    assert Post.objects.get(title="Another thought").author == cast.maya


def test_leaving_page_says_so_when_nobody_may_have_any_of_it(cast, elsewhere, sign_in):
    Role.objects.filter(workspace=cast.workspace).exclude(slug="administrator").update(granted=[])
    page = sign_in(cast.admin).get(f"/team/{cast.zhou.pk}/leaving/")
    assert "Nobody else here may have any of it." in page.text
    assert 'name="to"' not in page.text


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


def invited(cast, email="ada@example.com", role="creator", by=None):
    """An invitation that Lin sent, or ``by`` somebody else."""
    invitation, _token = invite_member(
        cast.workspace,
        email=email,
        name="",
        language="en",
        role=Role.objects.get(workspace=cast.workspace, slug=role),
        by=by or cast.lin,
        now=NOW,
    )
    return invitation


def left_open():
    rows = Invitation.objects.open(now=NOW).order_by("pk")
    return [(row.email, row.invited_by.name) for row in rows]


def test_leaving_page_shows_open_invitations_and_hands_them_over(cast, sign_in):
    invited(cast)
    client, address = sign_in(cast.admin), f"/team/{cast.lin.pk}/leaving/"
    with set_to(NOW):
        page = client.get(address)
        assert "Open invitations" in page.text
        assert "ada@example.com" in page.text
        takers = [str(each) for each in page.context["form"].fields["to"].queryset]
        assert "Zhou" not in takers, "who may not invite answers for no invitation"
        assert client.post(address, {"to": cast.admin.pk, "seen": 0}).status_code == 302
    assert left_open() == [("ada@example.com", "Sam")]


def test_leaving_page_takes_open_invitations_back_in_the_same_step(cast, sign_in):
    invited(cast)
    with set_to(NOW):
        form = {"to": "", "seen": 0, "end": ["people.invitations"]}
        answer = sign_in(cast.admin).post(f"/team/{cast.lin.pk}/leaving/", form, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Lin is no longer a member.",
        "1 thing was withdrawn.",
    ]
    assert left_open() == []
    assert "people.invitation_withdrawn" in kinds(cast.workspace)


def test_invitations_of_who_left_before_are_taken_back_without_handing_over(cast, sign_in):
    invited(cast)
    deactivate_member(cast.lin, seen=0, by=cast.admin, now=NOW)
    client, address = sign_in(cast.admin), f"/team/{cast.lin.pk}/leaving/"
    with set_to(NOW):
        assert "Open invitations" in client.get(address).text
        form = {"to": "", "seen": 1, "end": ["people.invitations"]}
        answer = client.post(address, form, follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["1 thing was withdrawn."]
    assert left_open() == []


def test_invitation_stays_with_who_left_where_the_taker_could_not_have_sent_it(cast):
    invited(cast)
    eve = invited(cast, email="eve@example.com", role="administrator", by=cast.admin)
    Invitation.objects.filter(pk=eve.pk).update(invited_by=cast.lin)
    kim = join(cast.workspace, make_user("Kim"), "team_lead")
    gone = let_go(cast.lin, to=kim, seen=0, by=cast.admin, now=NOW)
    stays = [(each.holding.slug, each.first) for each in gone.stays]
    assert stays == [("people.invitations", ["eve@example.com"])]
    assert left_open() == [("ada@example.com", "Kim"), ("eve@example.com", "Lin")]
