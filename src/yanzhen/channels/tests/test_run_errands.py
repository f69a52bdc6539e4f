"""Errands: asked by pages, run by workers, once or again, and never lost without a word."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from yanzhen.channels import running
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.errands import KINDS, Answer, ErrandKind, register_errand
from yanzhen.channels.models import Errand
from yanzhen.channels.running import payload_of, run_errands, run_waiting, take_next
from yanzhen.channels.states import ErrandState
from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.site import as_
from yanzhen.jobs.models import Lease
from yanzhen.kernel.clock import database_now, set_to
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]
CANARY = "canary-5d1f-secret"


@pytest.fixture
def kind(monkeypatch):
    """A kind that does what a test hands it."""
    monkeypatch.setattr("yanzhen.channels.errands.KINDS", dict(KINDS))
    made = {}

    def make(run=lambda errand: Answer.done(), slug="test.kind", **options):
        made[slug] = ErrandKind(
            slug=slug,
            run=run,
            asking="Asking",
            leads_to=lambda errand: "/accounts/",
            explain=lambda errand: (errand.code, list(errand.words.values())),
            **options,
        )
        monkeypatch.setitem(KINDS, slug, made[slug])
        return slug

    return make


def ask(cast, kind, *, now=NOW, **given):
    return ask_errand(kind, by=cast.admin, decision=Decision.ACCOUNT_CONNECT, now=now, **given)


def test_run_hands_over_what_was_sealed_and_forgets_it(practice, cast, kind):
    seen = {}

    def run(errand):
        seen.update(payload_of(errand), **errand.params)
        return Answer.done(found="7")

    errand = ask(cast, kind(run), secret={"token": CANARY}, params={"row": 3})
    assert CANARY.encode() not in bytes(errand.sealed)
    assert run_waiting(NOW) == 1
    errand.refresh_from_db()
    assert seen == {"token": CANARY, "row": 3}
    assert (errand.state, errand.code, errand.words) == (ErrandState.DONE, "done", {"found": "7"})
    assert bytes(errand.sealed) == b""
    assert run_waiting(NOW) == 0


def test_ask_without_the_right_asks_nothing(practice, cast, kind):
    with pytest.raises(NotAllowed):
        ask_errand(kind(), by=cast.zhou, decision=Decision.ACCOUNT_CONNECT, now=NOW)
    foreign = make_account(cast.wu.workspace)
    with pytest.raises(NotAllowed):
        ask(cast, kind(), account=foreign)
    assert not Errand.objects.exists()


def test_ask_twice_is_one_errand_until_it_is_over(practice, cast, kind):
    slug = kind()
    first = ask(cast, slug, params={"n": 1})
    assert ask(cast, slug, params={"n": 1}).pk == first.pk
    assert ask(cast, slug, params={"n": 2}).pk != first.pk
    run_waiting(NOW)
    assert ask(cast, slug, params={"n": 1}).pk != first.pk


def test_ask_for_an_unknown_kind_is_a_mistake_of_ours(practice, cast):
    with pytest.raises(LookupError):
        ask(cast, "no.such")


def test_register_refuses_a_second_kind_of_that_name(kind):
    slug = kind()
    assert register_errand(KINDS[slug]) is KINDS[slug]
    with pytest.raises(ValueError, match="duplicate"):
        register_errand(
            ErrandKind(slug, lambda e: Answer.done(), "", lambda e: "", lambda e: ("", []))
        )


def test_answer_never_repeats_the_secret(practice, cast, kind):
    def run(errand):
        return Answer.failed("refused", detail=f"bad value {payload_of(errand)['token']}")

    errand = ask(cast, kind(run), secret={"token": CANARY})
    run_waiting(NOW)
    errand.refresh_from_db()
    assert errand.words == {"detail": "bad value …"}


def test_errand_that_breaks_is_answered_and_logs_no_secret(practice, cast, kind, caplog):
    caplog.set_level(logging.DEBUG)

    def run(errand):
        raise RuntimeError(payload_of(errand)["token"])

    errand = ask(cast, kind(run), secret={"token": CANARY})
    run_waiting(NOW)
    errand.refresh_from_db()
    assert (errand.state, errand.code) == (ErrandState.FAILED, "broken")
    assert "RuntimeError at test_run_errands.py" in caplog.text
    assert CANARY not in caplog.text


def test_left_behind_errand_is_done_again_only_where_that_is_safe(practice, cast, kind):
    safe = ask(cast, kind(slug="test.safe", repeatable=True, lease_seconds=30))
    once = ask(cast, kind(slug="test.once", lease_seconds=30))
    assert {take_next(NOW).pk, take_next(NOW).pk} == {safe.pk, once.pk}  # and the worker dies
    assert take_next(NOW + timedelta(seconds=29)) is None
    assert run_waiting(NOW + timedelta(seconds=30)) == 1
    safe.refresh_from_db()
    once.refresh_from_db()
    assert (safe.state, safe.attempts) == (ErrandState.DONE, 2)
    assert (once.state, once.code) == (ErrandState.FAILED, "worker_died")


def test_answer_of_a_worker_that_slept_past_its_lease_is_dropped(practice, cast, kind):
    errand = ask(cast, kind(repeatable=True, lease_seconds=30))
    slept = take_next(NOW)
    later = take_next(NOW + timedelta(seconds=31))
    assert (slept.pk, later.pk) == (errand.pk, errand.pk)
    running.carry_out(slept)
    errand.refresh_from_db()
    assert errand.state == ErrandState.DOING
    running.carry_out(later)
    errand.refresh_from_db()
    assert errand.state == ErrandState.DONE


def test_later_is_heeded_as_often_as_the_kind_allows(practice, cast, kind):
    slug = kind(lambda e: Answer.later(NOW + timedelta(seconds=5), "busy"), attempts=2)
    errand = ask(cast, slug, secret={"token": CANARY})
    assert run_waiting(NOW) == 1
    errand.refresh_from_db()
    assert (errand.state, errand.code) == (ErrandState.ASKED, "busy")
    assert bytes(errand.sealed) != b""
    assert run_waiting(NOW + timedelta(seconds=4)) == 0
    assert run_waiting(NOW + timedelta(seconds=5)) == 1
    errand.refresh_from_db()
    assert (errand.state, errand.code, bytes(errand.sealed)) == (ErrandState.FAILED, "busy", b"")


def test_old_answers_are_forgotten_open_errands_are_not(practice, cast, kind):
    slug = kind()
    ask(cast, slug, params={"n": 1})
    with set_to(NOW):
        run_waiting(NOW)
    ask(cast, slug, params={"n": 2})
    assert running.forget_old(now=NOW + timedelta(days=1)) == 0
    assert running.forget_old(now=NOW + timedelta(days=3)) == 1
    assert Errand.objects.get().params == {"n": 2}


def test_database_refuses_an_answered_errand_that_keeps_its_secret(practice, cast, kind):
    errand = ask(cast, kind(), secret={"token": CANARY})
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.filter(pk=errand.pk).update(state=ErrandState.DONE, done_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.filter(pk=errand.pk).update(state="lost")


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_errand_once(practice, kind):
    cast = make_cast()
    ran, lock = [], threading.Lock()

    def run(errand):
        with lock:
            ran.append(errand.pk)
        return Answer.done()

    slug = kind(run)
    asked = {ask(cast, slug, params={"n": n}).pk for n in range(24)}

    def work():
        try:
            while run_waiting(NOW):
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ran) == sorted(asked)
    assert set(Errand.objects.values_list("state", flat=True)) == {ErrandState.DONE}


@pytest.mark.django_db(transaction=True)
def test_loop_runs_slow_errands_side_by_side(practice, kind):
    cast = make_cast()
    both = threading.Barrier(2)

    def run(errand):
        both.wait(20)  # neither ends before the other has begun
        return Answer.done()

    slug = kind(run)
    for n in range(2):
        ask(cast, slug, params={"n": n})
    assert run_errands(NOW) == 2
    done = threading.Event()
    for _ in range(200):
        if Errand.objects.filter(state=ErrandState.DONE).count() == 2:
            break
        done.wait(0.05)
    assert Errand.objects.filter(state=ErrandState.DONE).count() == 2


# --- the page that waits --------------------------------------------------------------------------


def page_of(errand):
    return f"/accounts/errands/{errand.key}/"


def test_page_waits_then_leads_on(practice, cast, kind):
    errand = ask(cast, kind(said=lambda errand: "All told."), now=database_now())
    client = as_(cast.admin)
    page = client.get(page_of(errand)).content.decode()
    assert 'hx-trigger="load delay:300ms"' in page
    assert "Look again" in page  # for whoever has no scripts
    part = client.get(page_of(errand), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    run_waiting(database_now())
    polled = client.get(page_of(errand), headers={"HX-Request": "true"})
    assert polled["HX-Redirect"] == page_of(errand)
    told = client.get(page_of(errand), follow=True)
    assert told.redirect_chain == [("/accounts/", 302)]
    assert "All told." in told.content.decode()


def test_page_tells_what_went_wrong(practice, cast, kind):
    errand = ask(cast, kind(lambda e: Answer.failed("oh", detail="X said no")))
    run_waiting(NOW)
    page = as_(cast.admin).get(page_of(errand)).content.decode()
    assert "<h1>oh</h1>" in page
    assert "X said no" in page


def test_page_says_when_no_worker_answers(practice, cast, kind):
    errand = ask(cast, kind(), now=database_now() - timedelta(seconds=4))
    client = as_(cast.admin)

    def said():
        # Above the page a banner says so too, for everybody.
        return client.get(page_of(errand)).content.decode().partition('id="errand"')[2]

    assert "yanzhen work" in said()
    Lease.objects.create(name="channels.errands", ok_at=database_now())
    assert "yanzhen work" not in said()
    Lease.objects.update(ok_at=database_now() - timedelta(seconds=11))
    assert "yanzhen work" in said()


def test_page_is_nobody_elses(practice, cast, kind):
    errand = ask(cast, kind())
    for other in (cast.lena, cast.wu):
        assert as_(other).get(page_of(errand)).status_code == 404
    assert as_(cast.admin).get("/accounts/errands/nonsense/").status_code == 404
