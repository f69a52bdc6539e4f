from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from yanzhen.activity.feed import events, verify
from yanzhen.kernel import clock
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.keep import ChangedMeanwhile
from yanzhen.people.actions.workspaces import NotAccepted, change_workspace, set_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import last_sentence

LATER = NOW + timedelta(hours=8)


def lead_to(cast, member, *, by=None, until=LATER, seen=0):
    return set_lead(
        cast.workspace, member=member, until=until, seen=seen, by=by or cast.lin, now=NOW
    )


def test_set_lead_gives_it_and_records(cast):
    lead_to(cast, cast.zhou)
    fresh = Workspace.objects.get(pk=cast.workspace.pk)
    assert (fresh.lead, fresh.lead_until_at) == (cast.zhou, LATER)
    assert last_sentence(cast.workspace) == "Lin gave the lead to Zhou"


def test_set_lead_to_nobody_is_refused_by_the_action_and_by_the_database(cast):
    lead_to(cast, cast.zhou)
    with pytest.raises(ValueError, match="somebody"):
        lead_to(cast, None, until=None, seen=1)
    rows = Workspace.objects.filter(pk=cast.workspace.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(lead=None)
    assert rows.get().lead == cast.zhou


def test_set_lead_to_another_than_who_has_it_wants_a_handoff(cast, sign_in):
    lead_to(cast, cast.zhou)
    with pytest.raises(NotAccepted):
        lead_to(cast, cast.maya, seen=1)
    form = {"lead-seen": 1, "lead-member": cast.maya.pk}
    answer = sign_in(cast.lin).post("/team/lead/", form)
    assert (answer.status_code, "Write a handoff" in answer.text) == (409, True)
    lead_to(cast, cast.lin, seen=1)
    assert last_sentence(cast.workspace) == "Lin took the lead"


def test_lead_is_stamped_on_what_is_recorded_after_it_moved(cast):
    lead_to(cast, cast.zhou)
    lead_to(cast, cast.lin, seen=1)
    change_workspace(cast.workspace, name="F", zone="UTC", seen=2, by=cast.admin, now=NOW)
    log = events().objects.in_workspace(cast.workspace.pk).order_by("-number")[:3]
    stamped = [(event.kind, event.lead_name) for event in log]
    assert stamped == [
        ("people.workspace_changed", "Lin"),
        ("people.lead_taken", "Lin"),
        ("people.lead_set", "Zhou"),
    ]
    assert list(verify(cast.workspace.pk)) == []


def test_lead_may_decide_in_an_emergency_while_having_it(cast):
    assert not cast.admin.may(Decision.POST_FAST)
    lead_to(cast, cast.admin)
    fresh = Member.objects.with_roles().get(pk=cast.admin.pk)
    assert fresh.may(Decision.POST_FAST)
    assert fresh in Member.objects.filter(workspace=cast.workspace).holding(Decision.POST_FAST)


def test_set_lead_without_the_right_is_refused(cast):
    with pytest.raises(NotAllowed):
        lead_to(cast, cast.zhou, by=cast.zhou)


def test_set_lead_to_oneself_by_a_right_the_lead_lent_is_refused(cast):
    lead_to(cast, cast.lin)
    lent = {"decisions": (Decision.LEAD_SET,), "ends_at": LATER, "now": NOW}
    delegate(cast.lin, receiver=cast.zhou, by=cast.lin, **lent)
    with clock.set_to(NOW):
        zhou = Member.objects.with_roles().get(pk=cast.zhou.pk)
        assert zhou.may(Decision.LEAD_SET)
        with pytest.raises(NotAllowed):
            lead_to(cast, zhou, by=zhou, seen=1)
        # Who does not have the lead may lend the right to take it.
        lead_to(cast, cast.lena, by=cast.lena, seen=1)
        again = Member.objects.with_roles().get(pk=cast.zhou.pk)
        lead_to(cast, again, by=again, seen=2)
    assert Workspace.objects.get(pk=cast.workspace.pk).lead == cast.zhou


def test_set_lead_from_a_stale_page_is_refused(cast):
    lead_to(cast, cast.zhou)
    with pytest.raises(ChangedMeanwhile):
        lead_to(cast, cast.maya)


def test_set_lead_to_a_stranger_is_refused(cast):
    with pytest.raises(Member.DoesNotExist):
        lead_to(cast, cast.wu)


def test_set_lead_into_the_past_is_refused(cast):
    with pytest.raises(ValueError, match="passed"):
        lead_to(cast, cast.zhou, until=NOW)


def test_lead_page_reads_the_hour_in_the_readers_zone(cast, sign_in):
    client = sign_in(cast.lin)
    form = {"lead-seen": 0, "lead-member": cast.zhou.pk, "lead-until": "2026-03-03T02:00"}
    with clock.set_to(NOW):
        assert client.post("/team/lead/", form).status_code == 302
    # Lin reads Shanghai time, eight hours ahead of UTC.
    assert Workspace.objects.get(pk=cast.workspace.pk).lead_until_at == NOW + timedelta(hours=9)


@pytest.mark.parametrize("until", ["2026-03-01T10:00", "2027-03-01T10:00", "soon"])
def test_lead_page_refuses_a_wrong_end(cast, sign_in, until):
    client = sign_in(cast.lin)
    form = {"lead-seen": 0, "lead-member": cast.zhou.pk, "lead-until": until}
    with clock.set_to(NOW):
        assert client.post("/team/lead/", form).status_code == 422


def test_lead_page_answers_a_lost_race_with_409(cast, sign_in):
    client = sign_in(cast.lin)
    lead_to(cast, cast.maya)
    form = {"lead-seen": 0, "lead-member": cast.zhou.pk}
    answer = client.post("/team/lead/", form)
    assert answer.status_code == 409
    assert "Maya has the lead" in answer.text


def test_change_workspace_records_and_refuses(cast):
    change_workspace(
        cast.workspace, name="Ferrow Bags", zone="Asia/Tokyo", seen=0, by=cast.admin, now=NOW
    )
    assert last_sentence(cast.workspace) == "Sam changed the settings of Ferrow Bags"
    with pytest.raises(ChangedMeanwhile):
        change_workspace(cast.workspace, name="X", zone="UTC", seen=0, by=cast.admin, now=NOW)
    with pytest.raises(NotAllowed):
        change_workspace(cast.workspace, name="X", zone="UTC", seen=1, by=cast.lena, now=NOW)
    assert Workspace.objects.get(pk=cast.workspace.pk).name == "Ferrow Bags"


def test_workspace_page_saves_and_answers_wrong_input(cast, sign_in):
    client = sign_in(cast.admin)
    good = {"name": "Ferrow Bags", "zone": "Asia/Tokyo", "seen": 0}
    assert client.post("/workspace/", {**good, "zone": "Mars/Olympus"}).status_code == 422
    assert client.post("/workspace/", good).status_code == 302
    stale = client.post("/workspace/", good)
    assert stale.status_code == 409
    assert "changed this meanwhile" in stale.text


def test_change_workspace_sets_the_rule_for_alt_text_and_keeps_it_when_not_told(cast):
    change_workspace(
        cast.workspace, name="F", zone="UTC", alt_required=False, seen=0, by=cast.admin, now=NOW
    )
    change_workspace(cast.workspace, name="G", zone="UTC", seen=1, by=cast.admin, now=NOW)
    assert not Workspace.objects.get(pk=cast.workspace.pk).alt_required


def test_workspace_page_shows_and_saves_the_rule_for_alt_text(cast, sign_in):
    client = sign_in(cast.admin)
    assert 'name="alt_required"' in client.get("/workspace/").text
    good = {"name": "Ferrow", "zone": "Asia/Tokyo"}
    client.post("/workspace/", {**good, "seen": 0})
    assert not Workspace.objects.get(pk=cast.workspace.pk).alt_required
    client.post("/workspace/", {**good, "seen": 1, "alt_required": "on"})
    assert Workspace.objects.get(pk=cast.workspace.pk).alt_required
