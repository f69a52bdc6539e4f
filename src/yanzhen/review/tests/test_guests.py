"""Guests as the actions keep them: who invites, what they decide, when it ends, and races."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify.models import Notice
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_cast, make_user
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import revise_post
from yanzhen.planning.models import Post, content_of
from yanzhen.planning.states import PostState
from yanzhen.publishing.engine.intent import approval_fault
from yanzhen.review.actions.guests import (
    GuestRefused,
    GuestWish,
    InviteRefused,
    LinkClosed,
    LinkRevoked,
    decide_as_guest,
    invite_guest,
    remark_as_guest,
    revoke_guest,
)
from yanzhen.review.actions.rounds import pass_step, return_step
from yanzhen.review.models import GuestLink, GuestRemark, Round, Step, Verdict, standing_of
from yanzhen.review.states import GuestRule, GuestStanding, RoundState
from yanzhen.review.tests.invited import NAME, invited, open_lead_step
from yanzhen.review.tests.rounds import submitted, waiting_step


def decide(link, kind="pass", *, name=NAME, now=NOW, seen=None, **more):
    seen = link.round.digest if seen is None else seen
    return decide_as_guest(link, seen=seen, name=name, kind=kind, now=now, **more)


def standing(link, now=NOW):
    return standing_of(GuestLink.objects.whole().get(pk=link.pk), now=now)


@pytest.fixture
def round_(cast, account):
    open_lead_step()
    return submitted(account, cast.zhou)


def test_guest_passes_one_step_and_the_log_names_who_and_by_whom(cast, round_):
    link, secret = invited(round_, cast.maya)
    assert secret not in str(vars(link))

    decide(link, comment="Fine by law.", name="Ada  Hart")
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)

    post = Post.objects.get(pk=round_.post_id)
    assert post.state == PostState.PASSED
    verdict = Verdict.objects.get(guest=link)
    assert (verdict.guest_name, verdict.at, verdict.digest) == (NAME, NOW, round_.digest)
    assert verdict.member_id == cast.maya.pk
    passed = events().objects.filter(kind="review.step_passed").order_by("pk").first()
    assert passed.actor_label == "Guest Ada Hart (by link of Maya)"
    assert passed.data["digest"] == round_.digest
    content = content_of(round_.version)
    assert approval_fault(post, round_.version, content, round_.digest) == ""
    told = Notice.objects.filter(kind="review.step_passed").values_list("member_id", flat=True)
    # The one who invited and the author; Lena, because her step began.
    assert sorted(told) == sorted([cast.maya.pk, cast.zhou.pk, cast.lena.pk])


def test_publishing_refuses_a_guest_where_no_guest_may_pass(cast, round_):
    """Rows that no action writes: the engine asks them again."""
    link, _secret = invited(round_, cast.maya)
    step = decide(link)
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)
    post, content = Post.objects.get(pk=round_.post_id), content_of(round_.version)

    def fault():
        return approval_fault(post, round_.version, content, round_.digest)

    round_.steps.filter(pk=step.pk).update(guests=GuestRule.NO)
    assert fault() == "a guest passed what no guest may pass"
    round_.steps.filter(pk=step.pk).update(guests=GuestRule.YES)
    assert fault() == ""
    Verdict.objects.filter(guest=link).update(member=cast.lin)
    assert fault() == "a guest passed what no guest may pass"
    Verdict.objects.filter(guest=link).update(member=cast.maya)
    # Whoever answers for the guest counts as the guest does: never the author.
    post.writers.add(cast.maya)
    assert fault() == "a level lacks its quorum of others than the authors"


def test_invite_needs_the_right(cast, round_):
    with pytest.raises(NotAllowed) as refused:
        invited(round_, cast.zhou, decides=False)
    assert refused.value.reason == "no_right"
    with pytest.raises(NotAllowed) as refused:
        invited(round_, cast.wu, decides=False)
    assert refused.value.reason == "elsewhere"


def test_who_wrote_it_invites_to_read_and_never_to_decide(cast, account):
    open_lead_step()
    round_ = submitted(account, cast.lin)
    invited(round_, cast.lin, decides=False)
    with pytest.raises(NotAllowed) as refused:
        invited(round_, cast.lin)
    assert refused.value.reason == "own_work"


@pytest.mark.parametrize(
    ("rule", "last", "fits"),
    [("no", False, False), ("yes", False, True), ("yes", True, False), ("last", True, True)],
)
def test_the_last_gate_is_a_members_unless_the_step_says_so(cast, account, rule, last, fits):
    open_lead_step(rule)
    if last:
        Step.objects.filter(slug="final").delete()
    round_ = submitted(account, cast.zhou)
    if not fits:
        with pytest.raises(InviteRefused, match="step"):
            invited(round_, cast.maya)
        return
    decide(invited(round_, cast.maya)[0])
    assert waiting_step(round_).slug == "final" if not last else True
    assert Round.objects.get(pk=round_.pk).state == ("passed" if last else "open")


def test_inviter_and_guest_are_one_person_of_the_round(cast, round_):
    both = join(cast.workspace, make_user("Both"), "team_lead", "brand_manager")
    link, _secret = invited(round_, both)
    with pytest.raises(InviteRefused, match="decided"):
        invited(round_, both, name="Another")
    with pytest.raises(InviteRefused, match="taken"):
        invited(round_, cast.maya, name="Another")
    decide(link)
    with pytest.raises(NotAllowed) as refused:
        pass_step(waiting_step(round_), by=both, now=NOW)
    assert refused.value.reason == "already_decided"


def test_guest_cannot_decide_once_the_inviter_has(cast, round_):
    Step.objects.update(quorum=1)
    link, _secret = invited(round_, cast.lin)
    round_.steps.filter(slug="lead").update(quorum=2)
    pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    with pytest.raises(GuestRefused, match="decided"):
        decide(link)
    assert Verdict.objects.filter(round=round_).count() == 2


def test_guest_returns_with_a_reason_and_the_link_ends(cast, round_):
    link, _secret = invited(round_, cast.maya)
    decide(link, "return", reason="fact", comment="The figure is from last year.")
    assert Post.objects.get(pk=round_.post_id).state == PostState.RETURNED
    assert standing(link) is GuestStanding.CHANGED
    with pytest.raises(LinkClosed):
        remark_as_guest(link, seen=round_.digest, name=NAME, body="And more.", now=NOW)


def test_second_decision_by_the_same_link_is_refused(cast, round_):
    round_.steps.filter(slug="lead").update(quorum=2)
    link, _secret = invited(round_, cast.maya)
    decide(link)
    with pytest.raises(GuestRefused, match="decided"):
        decide(link)
    with pytest.raises(GuestRefused, match="decided"):
        decide(link, "return", reason="fact", comment="No.")
    assert Verdict.objects.filter(guest=link).count() == 1


def test_decision_after_revoke_expiry_change_and_for_other_words_is_refused(cast, round_):
    link, _secret = invited(round_, cast.maya)
    with pytest.raises(LinkClosed) as closed:
        decide(link, seen="0" * 64)
    assert closed.value.standing is GuestStanding.CHANGED
    with pytest.raises(LinkClosed) as closed:
        decide(link, now=NOW + timedelta(days=7))
    assert closed.value.standing is GuestStanding.EXPIRED
    revoke_guest(link, by=cast.lena, now=NOW)
    with pytest.raises(LinkRevoked):
        revoke_guest(link, by=cast.lena, now=NOW)
    with pytest.raises(LinkClosed) as closed:
        decide(link)
    assert closed.value.standing is GuestStanding.REVOKED
    fresh, _secret = invited(round_, cast.maya)
    revise_post(Post.objects.get(pk=round_.post_id), by=cast.zhou, now=NOW)
    with pytest.raises(LinkClosed) as closed:
        decide(fresh)
    assert closed.value.standing is GuestStanding.CHANGED
    assert not Verdict.objects.filter(guest__isnull=False).exists()


def test_link_ends_when_its_inviter_leaves(cast, round_):
    link, _secret = invited(round_, cast.maya)
    assert standing(link) is GuestStanding.OPEN
    deactivate_member(cast.maya, seen=cast.maya.revision, by=cast.admin, now=NOW)
    assert standing(link) is GuestStanding.WITHHELD


def test_embargo_asks_for_an_explicit_yes_and_shuts_older_links(cast, account):
    open_lead_step()
    round_ = submitted(account, cast.zhou)
    before, _secret = invited(round_, cast.maya, decides=False)
    lifts = datetime(2099, 3, 20, 10, 0)  # noqa: DTZ001 -- a wall time
    terms = Terms(wall=lifts, zone="UTC", readers=[cast.maya, cast.lin, cast.lena], reason="")
    set_embargo(Post.objects.get(pk=round_.post_id), by=cast.zhou, terms=terms, now=NOW)
    assert standing(before) is GuestStanding.WITHHELD

    with pytest.raises(InviteRefused, match="embargo"):
        invited(round_, cast.maya, decides=False)
    with pytest.raises(Post.DoesNotExist):
        invited(round_, cast.admin, decides=False)
    wish = GuestWish(name=NAME, past_embargo=True)
    link, _secret = invite_guest(round_, wish=wish, by=cast.maya, now=NOW)

    assert standing(link) is GuestStanding.OPEN
    made = events().objects.filter(kind="review.guest_invited").order_by("-pk").first()
    assert made.data["embargo"] is True
    told = Notice.objects.filter(event=made.pk).values_list("member_id", flat=True)
    assert sorted(told) == sorted([cast.zhou.pk, cast.lin.pk, cast.lena.pk])


def test_remark_sent_twice_is_said_once_and_recorded(cast, round_):
    link, _secret = invited(round_, cast.maya, decides=False)
    for _n in range(2):
        remark_as_guest(link, seen=round_.digest, name=NAME, body="Comma, please.", now=NOW)
    assert GuestRemark.objects.count() == 1
    assert events().objects.filter(kind="review.guest_said").count() == 1
    with pytest.raises(GuestRefused, match="step"):
        decide(link)


def test_database_holds_a_name_on_each_guests_verdict_and_one_for_each_link(cast, round_):
    link, _secret = invited(round_, cast.maya)
    step = waiting_step(round_)
    bare = {"round": round_, "step": step, "kind": "pass", "digest": round_.digest, "at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(member=cast.maya, guest=link, guest_name="", **bare)
    Verdict.objects.create(member=cast.maya, guest=link, guest_name=NAME, **bare)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(member=cast.lin, guest=link, guest_name=NAME, **bare)


def at_once(*works):
    """Run each in a thread of its own at the same moment; return what each raised, or None."""
    start, ended = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            start.wait()
            work()
        except (MoveRefused, LinkClosed, GuestRefused, NotAllowed, DatabaseError) as error:
            ended[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.django_db(transaction=True)
def test_of_guest_and_member_at_the_same_moment_one_decides():
    cast = make_cast()
    account = make_account(cast.workspace)
    open_lead_step()
    for turn in range(4):
        round_ = submitted(account, cast.zhou, f"Text of turn {turn}.")
        link, _secret = invited(round_, cast.maya)
        step = waiting_step(round_)
        guest, member = at_once(
            lambda link=link: decide(link),
            lambda step=step: return_step(
                step, by=cast.lin, reason="tone", comment="Calmer.", now=NOW
            ),
        )
        assert [guest, member].count(None) == 1, (guest, member)
        assert isinstance(guest or member, MoveRefused | LinkClosed)
        state = Round.objects.get(pk=round_.pk).state
        assert state == (RoundState.OPEN if guest is None else RoundState.RETURNED)
        assert Verdict.objects.filter(step=step).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_submits_and_a_revoke_at_the_same_moment_one_verdict_at_most():
    cast = make_cast()
    account = make_account(cast.workspace)
    open_lead_step()
    for turn in range(3):
        round_ = submitted(account, cast.zhou, f"Text of turn {turn}.")
        link, _secret = invited(round_, cast.maya)
        one, two, revoked = at_once(
            lambda link=link: decide(link),
            lambda link=link: decide(link),
            lambda link=link: revoke_guest(
                GuestLink.objects.select_related("round__post").get(pk=link.pk),
                by=cast.lena,
                now=NOW,
            ),
        )
        assert revoked is None
        assert [one, two].count(None) == Verdict.objects.filter(guest=link).count() <= 1
        assert all(
            isinstance(each, LinkClosed | MoveRefused | GuestRefused)
            for each in (one, two)
            if each is not None
        )
