"""What stops at the door of review, and who of two is let through."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.actions.workspaces import change_workspace
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.actions.recurring import set_recurrence
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.content import Terms
from yanzhen.planning.models import Post
from yanzhen.planning.recurrence import Rule
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.pictures import hung, picture
from yanzhen.planning.tests.plan import timed
from yanzhen.review.actions.rounds import NotFit, return_step, submit_post
from yanzhen.review.tests.rounds import (
    all_ticked,
    make_post,
    submitted,
    waiting_step,
)

TEXT = (
    "Seat 7A, part two. Window seat, engines at 84 dB, and the baby in row 8 has found her voice."
)


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def submit(post, by):
    return submit_post(post, by=by, ticks=all_ticked(post), now=NOW)


def faults_of(post, by):
    with pytest.raises(NotFit) as refused:
        submit(post, by)
    post.refresh_from_db()
    assert post.state == PostState.DRAFT
    return refused.value.faults


@pytest.mark.usefixtures("store")
def test_submit_stops_a_picture_without_alt_text_unless_the_workspace_lets_it(cast, account):
    post = create_post(
        account=account,
        by=cast.zhou,
        texts=["a"],
        extras=[hung(picture(cast.zhou), alt="")],
        now=NOW,
    )
    (fault,) = faults_of(post, cast.zhou)
    assert "no alt text" in fault
    change_workspace(
        cast.workspace, name="F", zone="UTC", alt_required=False, seen=0, by=cast.admin, now=NOW
    )
    assert submit(Post.objects.get(pk=post.pk), cast.zhou)


@pytest.mark.parametrize(
    ("terms", "words"),
    [(Terms(quote="5"), "refuses quotes"), (Terms(reply_to="5"), "refuse this reply")],
)
def test_submit_stops_what_x_gates(cast, account, terms, words):
    post = create_post(account=account, by=cast.zhou, texts=["a"], terms=terms, now=NOW)
    (fault,) = faults_of(post, cast.zhou)
    assert words in fault


def test_submit_stops_the_second_of_two_accounts_with_the_same_words(cast, account):
    other = make_account(cast.workspace, "Two")
    first, second = make_post(account, cast.zhou, TEXT), make_post(other, cast.zhou, TEXT)
    submit(first, cast.zhou)
    (fault,) = faults_of(second, cast.zhou)
    assert fault.startswith("The same post as")
    save_draft(second, by=cast.zhou, texts=[f"{TEXT} Listen."], revision=1, now=NOW)
    (fault,) = faults_of(second, cast.zhou)
    assert fault.startswith("Nearly the same")
    save_draft(second, by=cast.zhou, texts=["Our own words."], revision=2, now=NOW)
    assert submit(second, cast.zhou)


def test_submit_stops_a_plain_duplicate_within_a_day(cast, account):
    for post in (make_post(account, cast.zhou, TEXT), make_post(account, cast.zhou, TEXT)):
        timed(post, cast.zhou)
    first, second = Post.objects.order_by("pk")
    submit(first, cast.zhou)
    (fault,) = faults_of(second, cast.zhou)
    assert fault.startswith("Same words as")


@pytest.mark.django_db(transaction=True)
def test_submit_of_two_at_once_lets_one_of_two_alike_through():
    cast = make_cast()
    posts = [
        make_post(make_account(cast.workspace, name), cast.zhou, TEXT) for name in ("One", "Two")
    ]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def send(post: Post) -> None:
        ticks = all_ticked(post)
        barrier.wait()
        try:
            submit_post(post, by=cast.zhou, ticks=ticks, now=NOW)
            outcomes.append("in")
        except NotFit:
            outcomes.append("stopped")
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[post]) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "stopped"]


@pytest.mark.usefixtures("store")
def test_reviewers_see_files_alt_texts_poll_terms_times_and_the_price(cast, account):
    image = picture(cast.zhou)
    post = create_post(
        account=account,
        by=cast.zhou,
        texts=["a", "Which one?"],
        extras=[hung(image, alt="Two geese"), {"poll": {"options": ["Yes", "No"], "minutes": 60}}],
        terms=Terms("verified", paid_partnership=True),
        now=NOW,
    )
    timed(post, cast.zhou)
    set_recurrence(post, by=cast.zhou, rule=Rule("week", 1, 3), now=NOW)
    signed = signed_in(cast.zhou).get(reverse("review-submit", args=[post.pk])).text
    submit(post, cast.zhou)
    sheet = signed_in(cast.lin).get(reverse("review")).text
    for page in (signed, sheet):
        assert reverse("media-file", args=[image.pk]) in page
        assert "Two geese" in page
        assert ">No<" in page.replace("\n", "")
        assert "Only verified accounts" in page
        assert "Marked as paid partnership" in page
        assert "Every week, 3 times in all" in page
        assert "about $0.035" in page


@pytest.mark.usefixtures("store")
def test_reviewers_see_what_changed_of_files_since_the_last_round(cast, account):
    one, two = picture(cast.zhou), picture(cast.zhou, size=(90, 80))
    round_ = submitted(account, cast.zhou, "First words")
    return_step(waiting_step(round_), by=cast.lin, reason="tone", comment="Calmer", now=NOW)
    post = Post.objects.get(pk=round_.post_id)
    save_draft(
        post,
        by=cast.zhou,
        texts=["First words"],
        extras=[hung(one, two)],
        terms=Terms(made_with_ai=True),
        revision=1,
        now=NOW,
    )
    submit(post, cast.zhou)
    sheet = signed_in(cast.lin).get(reverse("review")).text
    assert sheet.count('data-fate="added"') == 2
    assert "<ins>Marked as made with AI</ins>" in sheet
