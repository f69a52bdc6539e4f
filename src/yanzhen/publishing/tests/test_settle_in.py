"""A worker's first look around, and the comparison of a restored copy with X."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from django.db import connection

from yanzhen.activity.feed import events
from yanzhen.jobs.registry import AFTER, BEFORE
from yanzhen.jobs.worker import Worker
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing import loops
from yanzhen.publishing.actions import settling, thawing
from yanzhen.publishing.actions.freezing import freeze, freeze_from_shell
from yanzhen.publishing.actions.settling import CannotMark, marker_paths, remember, settle_in
from yanzhen.publishing.engine import comparing
from yanzhen.publishing.engine.comparing import compare, missing
from yanzhen.publishing.engine.whereabouts import Suspicion
from yanzhen.publishing.models import Attempt, Comparison, Delivery, Gate, Installation, Spend
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import GateCause
from yanzhen.publishing.tests.test_thaw import asked, confirmed, frozen, state_of

SETTLED = 601


@pytest.fixture
def home(settings, tmp_path):
    """Give a data folder with nothing of its own beside it."""
    settings.DATA = tmp_path / "a" / "data"
    settings.DATA.mkdir(parents=True)
    shutil.copytree(tmp_path / "keys", settings.DATA / "keys")
    return settings.DATA


@pytest.fixture
def lived_in(desk, home):
    """A desk whose worker has settled in and published once."""
    assert settle_in(now=desk.now) is None
    desk.due()
    desk.turn()
    remember(now=desk.now)
    return desk


def whole():
    return Gate.objects.get(key="installation")


def test_settle_in_draws_an_identity_and_writes_the_marker(desk, home):
    assert settle_in(now=desk.now) is None
    beside, inside = marker_paths(home)
    assert beside.exists()
    assert not inside.exists()
    assert beside.stat().st_mode & 0o777 == 0o600
    desk.due()
    assert settle_in(now=desk.now) is None
    assert Installation.objects.count() == 1
    assert not whole().frozen


def test_settle_in_again_after_publishing_changes_nothing(lived_in):
    assert settle_in(now=lived_in.now) is None
    assert not whole().frozen


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="a server has no folder")
def test_settle_in_a_copied_folder_freezes_even_with_its_marker(lived_in, settings, home, tmp_path):
    there = tmp_path / "b" / "data"
    shutil.copytree(home, there)
    for ours, theirs in zip(marker_paths(home), marker_paths(there), strict=True):
        if ours.exists():
            shutil.copy(ours, theirs)
    settings.DATA = there
    assert settle_in(now=lived_in.now) == Suspicion.ELSEWHERE
    gate = whole()
    assert (gate.frozen, gate.cause, gate.reason) == (
        True,
        GateCause.RESTORED,
        Suspicion.ELSEWHERE.value,
    )
    # Noticed once; a second worker there finds all as it should be.
    assert settle_in(now=lived_in.now) is None
    assert Installation.objects.count() == 2
    assert events().objects.filter(kind="publishing.frozen").count() == 2  # in both workspaces


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="the place alone tells there")
def test_settle_in_without_the_marker_freezes_on_sqlite(lived_in, home):
    marker_paths(home)[0].unlink()
    assert settle_in(now=lived_in.now) == Suspicion.NO_MARKER


def test_settle_in_without_a_marker_joins_a_live_server(lived_in, home):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is on one machine")
    marker_paths(home)[0].unlink()
    assert settle_in(now=lived_in.now) is None
    assert marker_paths(home)[0].exists()


def test_settle_in_a_database_that_went_back_freezes(lived_in):
    lived_in.due()
    Attempt.objects.all().delete()
    assert settle_in(now=lived_in.now) == Suspicion.BEHIND


def test_settle_in_where_nothing_tells_what_was_published_freezes(lived_in):
    Installation.objects.all().delete()
    assert settle_in(now=lived_in.now) == Suspicion.UNKNOWN


def test_settle_in_with_a_broken_marker_freezes_and_mends_it(lived_in, home):
    marker_paths(home)[0].write_text("{")
    assert settle_in(now=lived_in.now) == Suspicion.UNREADABLE
    assert settle_in(now=lived_in.now) is None


def test_settle_in_where_the_marker_cannot_be_written_refuses_to_start(desk, home, monkeypatch):
    monkeypatch.setattr(settling, "_marker_path", lambda folder: folder / "no" / "marker")
    with pytest.raises(CannotMark, match="give this user the right to write it"):
        settle_in(now=desk.now)


def test_a_worker_settles_in_before_any_loop_and_marks_at_its_end(desk, home, monkeypatch):
    assert loops.settle in BEFORE
    assert loops.remember_here in AFTER
    told = []
    worker = Worker([], before=[told.append], after=[told.append])
    worker.start()
    worker.stop()
    assert len(told) == 2

    def refuse(now):
        raise CannotMark("no")

    with pytest.raises(CannotMark):
        Worker([], before=[refuse]).start()


def test_remember_writes_only_what_is_new_and_notices_a_swapped_database(lived_in):
    assert not remember(now=lived_in.now)
    lived_in.due()
    lived_in.turn()
    assert remember(now=lived_in.now)
    Attempt.objects.order_by("-pk").first().delete()
    lived_in.due()
    assert remember(now=lived_in.now)
    assert whole().cause == GateCause.RESTORED


def forget(*deliveries):
    """Put deliveries back to what a backup from before they went out says of them."""
    rows = list(Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).order_by("position"))
    for kept in (Spend, Attempt):
        kept.objects.filter(delivery__in=rows).delete()
    # Row by row, as a restore does: the database knows no way back from published.
    for row in reversed(rows):
        Delivery.objects.filter(pk=row.pk).delete()
    for row in rows:
        row.state, row.remote_id, row.published_at = S.SCHEDULED, "", None
        row.save(force_insert=True)
        Post.objects.filter(pk=row.post_id).update(state=PostState.SCHEDULED)


def restored(desk):
    """Freeze as a worker on a restored copy does."""
    settling.freeze_restored(settling.installation_gate(), why=Suspicion.BEHIND, now=desk.now)
    return whole()


def test_compare_links_what_went_out_after_the_backup(lived_in):
    desk = lived_in
    gone, kept, thread = desk.due(), desk.due(), desk.due("Part one.", "Part two.")
    hurried = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=60))
    Delivery.objects.filter(pk=kept.pk).update(due_at=desk.now + timedelta(hours=5))
    Delivery.objects.filter(pk=hurried.pk).update(due_at=desk.now)
    desk.turn()
    sent = Delivery.objects.filter(post_id__in=[gone.post_id, thread.post_id, hurried.post_id])
    assert {d.state for d in sent} == {S.PUBLISHED}
    ids = dict(sent.values_list("pk", "remote_id"))
    forget(*sent)
    Delivery.objects.filter(pk=hurried.pk).update(due_at=desk.now + timedelta(hours=1))
    gate = restored(desk)
    desk.turn()
    assert compare(desk.now) == 1
    assert dict(sent.values_list("pk", "remote_id")) == ids
    assert state_of(kept) == S.SCHEDULED
    assert [one.asked for one in missing(gate, now=desk.now)] == [True]
    desk.wait(SETTLED)
    assert compare(desk.now) == 1
    assert missing(gate, now=desk.now) == []
    told = events().objects.get(kind="publishing.reconciled", workspace_id=desk.cast.workspace.pk)
    assert told.data == {"accounts": 1, "found": 4}
    assert whole().reconciled_at is not None
    assert compare(desk.now) == 0
    # Published once before the backup, and four since; the restored copy sent nothing.
    assert desk.creates() == 5


def test_compare_pages_back_to_the_backup(lived_in, monkeypatch):
    desk = lived_in
    monkeypatch.setattr(comparing, "PAGE", 5)
    sent = [desk.due() for _ in range(8)]
    desk.turn()
    forget(*sent)
    restored(desk)
    compare(desk.now)
    assert {state_of(delivery) for delivery in sent} == {S.PUBLISHED}


def test_compare_that_cannot_see_all_does_not_count(lived_in, monkeypatch):
    desk = lived_in
    monkeypatch.setattr(comparing, "PAGE", 5)
    monkeypatch.setattr(comparing, "MOST_PAGES", 1)
    sent = [desk.due() for _ in range(8)]
    desk.turn()
    forget(*sent)
    gate = restored(desk)
    desk.wait(SETTLED)
    compare(desk.now)
    assert "does not show all posts" in missing(gate, now=desk.now)[0].trouble


def test_thaw_of_a_restored_copy_waits_for_the_comparison(lived_in, desk):
    Gate.objects.filter(key="installation").update(scope="installation")
    late = desk.due()
    workspace_gate = frozen(desk)
    Gate.objects.filter(pk=workspace_gate.pk).update(cause=GateCause.RESTORED)
    with pytest.raises(thawing.NotCompared) as not_yet:
        asked(desk, workspace_gate)
    assert [str(one.account) for one in not_yet.value.missing] == ["@Ferrow"]
    compare(desk.now)
    with pytest.raises(thawing.NotCompared):
        asked(desk, workspace_gate)
    desk.wait(SETTLED)
    compare(desk.now)
    confirmed(desk, asked(desk, workspace_gate))
    desk.turn()
    assert state_of(late) == S.HELD


def test_compare_says_which_account_cannot_be_asked_and_lets_it_be_set_aside(lived_in):
    desk = lived_in
    lost = desk.connect("FerrowDE")
    desk.due(account=lost)
    desk.due()
    lost.refresh_from_db()
    type(lost).objects.filter(pk=lost.pk).update(state="reconnect", problem="refused")
    gate = frozen(desk)
    Gate.objects.filter(pk=gate.pk).update(cause=GateCause.RESTORED)
    gate.refresh_from_db()
    desk.wait(SETTLED)
    compare(desk.now)
    (left,) = missing(gate, now=desk.now)
    assert (left.account, left.trouble) == (lost, "refused")
    with pytest.raises(thawing.NotCompared):
        asked(desk, gate)
    own = freeze(lost, by=desk.cast.zhou, reason="Cannot be asked", now=desk.now).gate
    confirmed(desk, asked(desk, gate))
    own.refresh_from_db()
    # Set aside, it keeps the question for itself.
    assert (own.frozen, own.cause) == (True, GateCause.RESTORED)
    with pytest.raises(thawing.NotCompared):
        asked(desk, own)


def test_compare_tries_again_after_trouble_and_not_before(lived_in):
    desk = lived_in
    desk.due()
    restored(desk)
    desk.sim.fault("lookup_503", times=1)
    assert compare(desk.now) == 1
    assert Comparison.objects.get().asked_at is None
    assert compare(desk.now) == 0
    desk.wait(61)
    assert compare(desk.now) == 1
    assert Comparison.objects.get().asked_at is not None


def test_freeze_restored_over_a_freeze_by_hand_asks_for_the_comparison_too(desk):
    freeze_from_shell(None, reason="Storm", now=desk.now)
    restored(desk)
    assert (whole().cause, whole().reconciled_at) == (GateCause.RESTORED, None)
