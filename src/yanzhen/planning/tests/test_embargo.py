"""An embargo: stricter by one, looser by two, and a veil over everything the post carries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.activity.feed import events, sentence
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.library.models import MediaFile
from yanzhen.library.tests import makers
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.models import Notice
from yanzhen.notify.queries import count_unread
from yanzhen.notify.tests.news import told
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions import embargoing
from yanzhen.planning.actions.embargoing import Terms, confirm_wish, set_embargo, wish_end
from yanzhen.planning.actions.starting import copy_post
from yanzhen.planning.actions.timing import BeforeLift
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.content import BadContent, plain
from yanzhen.planning.embargoes import Embargo, EmbargoWish
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import kin_of, twin_of
from yanzhen.planning.tests.plan import make_post, timed
from yanzhen.review.actions.rounds import NotFit, submit_post
from yanzhen.review.tests.rounds import all_ticked

pytestmark = pytest.mark.django_db
LIFTS = datetime.fromisoformat("2026-03-09T10:00")


@pytest.fixture(autouse=True)
def at_now():
    with set_to(NOW):
        yield


@pytest.fixture
def post(account, cast):
    return make_post(account, cast.zhou, "Four numbers nobody knows.", title="Quarter")


def put(post, by, *readers, wall=LIFTS, reason="", now=NOW):
    terms = Terms(wall=wall, zone="Europe/Berlin", readers=readers, reason=reason)
    return set_embargo(post, by=by, terms=terms, now=now)


def seen_by(member):
    return list(Post.objects.visible_to(member).values_list("title", flat=True))


def test_embargo_hides_the_post_until_it_lifts_from_all_but_its_list(post, cast):
    put(post, cast.zhou, cast.lin)
    assert seen_by(cast.zhou) == seen_by(cast.lin) == ["Quarter"]
    assert seen_by(cast.lena) == seen_by(cast.admin) == []
    with set_to(LIFTS.replace(tzinfo=UTC) - timedelta(hours=1)):
        assert seen_by(cast.admin) == ["Quarter"]  # 10:00 in Berlin


def test_stricter_holds_at_once_and_looser_waits_for_a_second(post, cast):
    first = put(post, cast.zhou, cast.lin, cast.lena)
    assert put(post, cast.lin, cast.lin, wall=LIFTS + timedelta(days=1)) == first
    assert seen_by(cast.lena) == []
    wish = put(post, cast.zhou, cast.lin, cast.maya, reason="Maya draws it")
    assert isinstance(wish, EmbargoWish)
    assert seen_by(cast.maya) == []
    with pytest.raises(NotAllowed):
        confirm_wish(wish, by=cast.zhou, now=NOW)
    with pytest.raises(MoveRefused):
        confirm_wish(wish, by=cast.lena, now=NOW)  # not on the list: nothing to confirm
    with pytest.raises(embargoing.WishWaits):
        wish_end(post, by=cast.lin, reason="Over", now=NOW)
    assert [each.member for each in Notice.objects.filter(kind="planning.embargo_wished")] == [
        cast.lin
    ]
    confirm_wish(wish, by=cast.lin, now=NOW)
    assert seen_by(cast.maya) == ["Quarter"]
    with pytest.raises(MoveRefused):
        confirm_wish(wish, by=cast.lin, now=NOW)


def test_ending_takes_two_and_a_reason(post, cast):
    put(post, cast.zhou, cast.lin)
    with pytest.raises(embargoing.ReasonMissing):
        wish_end(post, by=cast.lin, reason=" ", now=NOW)
    wish = wish_end(post, by=cast.lin, reason="It is out", now=NOW)
    with pytest.raises(NotAllowed):
        confirm_wish(wish, by=cast.lin, now=NOW)
    confirm_wish(wish, by=cast.zhou, now=NOW)
    assert seen_by(cast.admin) == ["Quarter"]


def test_proposal_about_an_older_embargo_is_void(post, cast):
    put(post, cast.zhou, cast.lin, cast.lena)
    wish = wish_end(post, by=cast.lin, reason="It is out", now=NOW)
    put(post, cast.lena, cast.lin, cast.lena, wall=LIFTS + timedelta(days=1))
    with pytest.raises(MoveRefused):
        confirm_wish(wish, by=cast.zhou, now=NOW)
    assert Embargo.objects.standing().exists()


def test_embargo_nobody_could_ever_loosen_is_refused(post, cast):
    with pytest.raises(embargoing.NobodyToConfirm):
        put(post, cast.zhou)
    assert seen_by(cast.admin) == ["Quarter"]


def test_time_before_the_lift_is_refused(post, cast):
    put(post, cast.zhou, cast.lin)
    with pytest.raises(BeforeLift):
        timed(post, cast.zhou, wall=LIFTS - timedelta(minutes=1))
    timed(post, cast.zhou, wall=LIFTS)


def test_log_leaves_lines_out_for_those_outside(post, cast):
    put(post, cast.zhou, cast.lin)
    told = [sentence(each) for each in events().objects.told_to(cast.admin)]
    assert not [line for line in told if "Quarter" in line]
    assert [each for each in events().objects.told_to(cast.lin) if each.subject_label == "Quarter"]


def test_unread_notices_are_counted_without_what_is_veiled_by_now(post, cast):
    told(cast, cast.lena)
    event = events().objects.filter(subject_type="planning.post", subject_id=post.pk).first()
    tell(event, members=[cast.lena, cast.lin], url="/posts/")
    assert (count_unread(cast.lena), count_unread(cast.lin)) == (2, 1)
    put(post, cast.zhou, cast.lin)
    # Lin keeps what she had, and was told that she is on the list.
    assert (count_unread(cast.lena), count_unread(cast.lin)) == (1, 2)
    with set_to(LIFTS.replace(tzinfo=UTC)):
        assert count_unread(cast.lena) == 2


def test_counting_unread_notices_asks_twice_only_those_from_whom_something_is_veiled(post, cast):
    put(post, cast.zhou, cast.lin)
    with CaptureQueriesContext(connection) as none:
        count_unread(cast.lena)
    told(cast, cast.lena, cast.lin)
    with CaptureQueriesContext(connection) as on_the_list:
        count_unread(cast.lin)
    with CaptureQueriesContext(connection) as outside:
        count_unread(cast.lena)
    assert [len(asked) for asked in (none, on_the_list, outside)] == [1, 1, 2]


def test_copy_is_under_the_same_embargo(post, cast):
    put(post, cast.zhou, cast.lin)
    copy_post(post, by=cast.lin, now=NOW)
    assert seen_by(cast.zhou) == ["Quarter", "Quarter"]
    assert seen_by(cast.admin) == []


@pytest.mark.usefixtures("store")
def test_files_only_an_embargoed_post_carries_are_hidden_and_stay_off_open_ones(
    post, account, cast
):
    media = makers.upload(cast.zhou, makers.image("PNG"), "quarter.png")
    hung = [{"media": [{"media": media.pk, "sha256": "", "alt": "Four"}]}]
    save_draft(post, by=cast.zhou, texts=["a"], extras=hung, revision=1, now=NOW)
    put(post, cast.zhou, cast.lin)
    assert not MediaFile.objects.visible_to(cast.admin).exists()
    assert MediaFile.objects.visible_to(cast.lin).exists()
    other = make_post(account, cast.maya, "An open post")
    with pytest.raises(BadContent):
        save_draft(other, by=cast.maya, texts=["a"], extras=hung, revision=1, now=NOW)
    assert not MediaFile.objects.visible_to(cast.admin).exists()


def test_checks_of_others_never_tell_of_an_embargoed_post(post, account, cast):
    put(post, cast.zhou, cast.lin)
    timed(post, cast.zhou, wall=LIFTS)
    same = make_post(account, cast.maya, "Four numbers nobody knows.")
    timed(same, cast.maya, wall=LIFTS)
    said = plain(["Four numbers nobody knows."])
    assert twin_of(same, said.segments, viewer=cast.maya, now=NOW) is None
    assert kin_of(same, said.texts, viewer=cast.maya, now=NOW) == []
    assert twin_of(same, said.segments, viewer=cast.lin, now=NOW).post_id == post.pk


def test_submit_says_which_level_nobody_on_the_list_passes(post, cast):
    put(post, cast.zhou, cast.lin)
    with pytest.raises(NotFit) as refused:
        submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    assert "“Final review”" in " ".join(refused.value.faults)


def test_veil_is_part_of_the_one_query(post, cast):
    put(post, cast.zhou, cast.lin)
    with CaptureQueriesContext(connection) as queries:
        assert seen_by(cast.admin) == []
    assert len(queries) == 1


def test_page_sets_proposes_confirms_and_refuses(client, post, cast):
    sent = {"date": "2026-03-09", "time": "10:00", "zone": "Europe/Berlin"}
    client.force_login(cast.zhou.user)
    path = f"/posts/{post.pk}/"
    alone = client.post(f"{path}embargo/", sent)
    assert alone.status_code == 422
    assert "Two people on the list" in alone.content.decode()
    answer = client.post(f"{path}embargo/", {**sent, "readers": [cast.lin.pk]})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}#embargo")
    page = client.get(path).content.decode()
    assert "Embargo until" in page
    assert client.post(f"{path}embargo/end/", {"reason": ""}).status_code == 422
    assert client.post(f"{path}embargo/end/", {"reason": "Over"}).status_code == 302
    assert client.post(f"{path}embargo/confirm/").status_code == 403
    early = {"date": "2026-03-08", "time": "10:00", "zone": "Europe/Berlin"}
    refused = client.post(f"{path}time/", early)
    assert refused.status_code == 422
    assert "The embargo on it lifts" in refused.content.decode()
    client.force_login(cast.lin.user)
    assert "proposes to lift the embargo at once" in client.get(path).content.decode()
    assert client.post(f"{path}embargo/confirm/").status_code == 302
    assert "Embargo until" not in client.get(path).content.decode()
    assert client.post(f"{path}embargo/confirm/").status_code == 409
