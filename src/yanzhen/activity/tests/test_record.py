import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from yanzhen.activity import feed, spine
from yanzhen.activity.models import ChainHead, Event, Outbox
from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.tests.conftest import NOW, Seen

PLACE = Ref("place", "2", "the lake")


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused(seen):
    with pytest.raises(RuntimeError, match="transaction"):
        spine.record(seen, Seen("x"), actor=SYSTEM, subject=PLACE, workspace_id=7, at=NOW)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_record_with_another_payload_is_refused(seen):
    with pytest.raises(TypeError, match="Seen"):
        spine.record(seen, PLACE, actor=SYSTEM, subject=PLACE, workspace_id=7, at=NOW)


@pytest.mark.django_db
def test_record_counts_without_gaps_in_each_workspace(note):
    numbers = [note(workspace_id=w).number for w in (7, 8, 7, 7, 8)]
    assert numbers == [1, 1, 2, 3, 2]
    assert ChainHead.objects.get(pk=7).number == 3


@pytest.mark.django_db
def test_record_rolls_back_with_what_it_tells_of(note):
    def note_and_fail():
        with transaction.atomic():
            note()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    assert not Event.objects.exists()
    assert note().number == 1


@pytest.mark.django_db
def test_record_keeps_any_text_and_its_chain(note):
    note("鸿雁 🪿 “naïve” \\ \n")
    assert not list(feed.verify(7))


@pytest.mark.django_db
def test_record_cuts_labels_that_are_too_long(seen):
    long = Ref("place", "2", "雁" * 400)
    with transaction.atomic():
        event = spine.record(seen, Seen("x"), actor=long, subject=long, workspace_id=7, at=NOW)
    assert (len(event.actor_label), len(event.subject_label)) == (200, 300)
    assert not list(feed.verify(7))


@pytest.mark.django_db
def test_within_listeners_share_the_fate_of_the_transaction(seen, note):
    def refuse(event):
        raise ValueError("no")

    spine.within(seen, refuse)
    with pytest.raises(ValueError, match="no"):
        note()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_later_owes_only_the_kinds_asked_for(seen, note):
    spine.later("wanted", frozenset({"test.seen"}), lambda event: None)
    spine.later("other", frozenset({"test.heard"}), lambda event: None)
    event = note()
    assert [(row.event_id, row.subscriber) for row in Outbox.objects.all()] == [
        (event.pk, "wanted")
    ]


def test_announce_and_later_refuse_taken_names(seen):
    with pytest.raises(ValueError, match="duplicate kind"):
        spine.announce(seen)
    spine.later("wanted", frozenset(), lambda event: None)
    with pytest.raises(ValueError, match="duplicate subscriber"):
        spine.later("wanted", frozenset(), lambda event: None)


@pytest.mark.django_db
def test_sentence_speaks_for_known_unknown_and_older_events(note):
    event = note("geese", count=3)
    assert feed.sentence(event) == "Lin saw 3 geese at the lake"
    event.data = {}
    assert feed.sentence(event) == "Lin: test.seen the lake"
    event.kind = "gone.kind"
    assert feed.sentence(event) == "gone.kind"


@pytest.mark.django_db
def test_sentence_calls_what_has_no_other_name_by_the_readers_clock(note):
    event = note("geese", count=3)
    event.subject_label = "2026-03-02 17:00 UTC"
    with timezone.override("Asia/Shanghai"):
        assert feed.sentence(event) == "Lin saw 3 geese at 3 Mar 2026, 01:00 (Shanghai)"
        event.subject_label += ", he wrote"
        assert feed.sentence(event).endswith("at 2026-03-02 17:00 UTC, he wrote")


def test_topics_are_named_once_and_sorted(seen):
    assert feed.topics(["test.seen", "gone.kind", "test.seen"]) == ["gone", "test"]


@pytest.mark.django_db(transaction=True)
def test_record_from_eight_threads_keeps_one_whole_chain(note):
    failures = []
    start = threading.Barrier(8)

    def work():
        try:
            start.wait()
            for _n in range(10):
                note()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    numbers = Event.objects.in_workspace(7).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 81))
    assert not list(feed.verify(7))
