"""What somebody who has left should have done: shown, and given to somebody else."""

import pytest
from django.urls import reverse

from yanzhen.handoff.actions.filling import Point, add_item, mark_done
from yanzhen.handoff.actions.handing import OwnerThere, give_point
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.models import Handover, Item
from yanzhen.handoff.tests.shifts import HOUR, accepted, again, begun, minutes, section
from yanzhen.people.actions.letting_go import let_go
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.django_db
LEFT = "Has left"


@pytest.fixture
def log(cast):
    """A log that Zhou accepted, with a point of Maya's and one of Lin's."""
    handover = begun(cast)
    for text, owner in (("Call the press", cast.maya), ("Ask the shop", cast.lin)):
        add_item(handover, section(cast), point=Point(text, owner=owner), by=again(cast.lena))
    send_handover(handover, by=again(cast.lena), now=NOW)
    return accepted(handover, cast.zhou)


def leave(member: Member, cast) -> Member:
    deactivate_member(again(member), seen=0, by=cast.admin, now=HOUR)
    return again(member)


def point(handover: Handover, text: str = "Call the press") -> Item:
    rows = Item.objects.select_related("owner__user", "handover")
    return rows.get(handover=handover, text=text)


def test_log_marks_the_point_of_who_left_and_gives_it_to_somebody(enter, cast, log):
    client, address = enter(cast.zhou), reverse("handoff", args=[log.pk])
    assert LEFT not in client.get(address).text
    leave(cast.maya, cast)
    page = client.get(address).text
    assert page.count(LEFT) == 1
    give = reverse("handoff-item-give", args=[point(log).pk])
    assert page.count(give) == 1
    assert client.post(give, {"owner": cast.maya.pk}).status_code == 422
    answer = client.post(give, {"owner": cast.lin.pk}, follow=True)
    assert "The point is with Lin now." in answer.text
    assert LEFT not in answer.text
    assert point(log).owner == cast.lin
    assert "has this point already" in client.post(give, {"owner": cast.lena.pk}).text


def test_point_of_who_left_goes_to_whoever_leads(enter, cast, log):
    leave(cast.maya, cast)
    give = reverse("handoff-item-give", args=[point(log).pk])
    answer = enter(cast.zhou).post(give, {"owner": ""}, follow=True)
    assert "The point is with whoever leads now." in answer.text
    assert point(log).owner is None


def test_text_of_the_log_says_that_they_have_left(enter, cast, log):
    leave(cast.maya, cast)
    text = enter(cast.zhou).get(reverse("handoff-text", args=[log.pk])).text
    assert "Call the press · Maya (has left)" in text
    assert "Ask the shop · Lin\n" in text.replace(" \n", "\n")


def test_point_that_is_done_needs_nobody(enter, cast, log):
    mark_done(point(log), done=True, by=again(cast.zhou), now=HOUR)
    leave(cast.maya, cast)
    assert LEFT not in enter(cast.zhou).get(reverse("handoff", args=[log.pk])).text
    with pytest.raises(OwnerThere):
        give_point(point(log), to=cast.lin, by=again(cast.zhou))


def test_only_who_may_note_it_as_done_gives_it(enter, cast, log):
    leave(cast.maya, cast)
    give = reverse("handoff-item-give", args=[point(log).pk])
    creator = again(cast.lin)
    page = enter(cast.zhou).get(reverse("handoff", args=[log.pk])).text
    assert give in page
    with pytest.raises(NotAllowed):
        give_point(point(log), to=None, by=cast.wu)
    assert creator.may("lead.set"), "Lin may by the right to say who leads"
    give_point(point(log), to=cast.lena, by=creator)
    assert point(log).owner == cast.lena


def carried(cast, log: Handover) -> Handover:
    """The next log, to which the points of the one before were carried; Zhou hands over."""
    return open_handover(
        cast.workspace, to=cast.lena, due_at=minutes(300), by=again(cast.zhou), now=HOUR
    )


def test_point_is_given_on_the_log_it_was_carried_to_as_well(cast, log):
    after = carried(cast, log)
    leave(cast.maya, cast)
    before = Handover.objects.get(pk=after.pk).revision
    give_point(point(log), to=cast.lin, by=again(cast.zhou))
    assert (point(log).owner, point(after).owner) == (cast.lin, cast.lin)
    assert Handover.objects.get(pk=after.pk).revision == before + 1, "nobody accepts it unread"


def test_let_go_hands_over_what_was_to_be_done_counted_once(cast, log):
    after = carried(cast, log)
    gone = let_go(again(cast.maya), to=cast.lin, seen=0, by=cast.admin, now=HOUR)
    assert gone.count == 1
    assert (point(log).owner, point(after).owner) == (cast.lin, cast.lin)


def test_leaving_page_names_the_points_and_those_on_old_logs_no_more(enter, cast, log):
    client, address = enter(cast.admin), f"/team/{cast.maya.pk}/leaving/"
    page = client.get(address).text
    assert "Points of the handoff log" in page
    assert "Call the press" in page
    mark_done(point(log), done=True, by=again(cast.zhou), now=HOUR)
    assert "Points of the handoff log" not in client.get(address).text
