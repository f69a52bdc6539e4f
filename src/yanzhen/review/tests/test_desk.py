import re

import pytest
from django.test import Client
from django.urls import reverse

from yanzhen.discussion.actions.talking import open_thread
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import Round, Verdict
from yanzhen.review.tests.rounds import (
    all_ticked,
    make_post,
    pass_all,
    submitted,
    waiting_step,
)


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def test_desk_shows_my_queue_and_opens_the_most_urgent(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    page = signed_in(cast.lin).get(reverse("review"))
    assert page.status_code == 200
    assert page.context["sheet"].step.pk == step.pk
    assert "Passing sends it on to: Final review." in page.content.decode()


def test_desk_of_a_writer_is_empty_and_says_so(cast, account):
    submitted(account, cast.zhou)
    page = signed_in(cast.zhou).get(reverse("review")).content.decode()
    assert "Nothing waits for you." in page


def test_team_queue_shows_what_waits_for_others(cast, account):
    submitted(account, cast.zhou)
    page = signed_in(cast.zhou).get(reverse("review"), {"queue": "team"})
    assert len(page.context["waiting"]) == 1
    assert "This step waits for the role Team lead." in page.content.decode()


def test_decide_pass_moves_on_and_tells(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    answer = signed_in(cast.lin).post(
        reverse("review-decide", args=[step.pk]), {"verdict": "pass"}, follow=True
    )
    assert answer.redirect_chain == [(reverse("review"), 302)]
    assert "passed." in answer.content.decode()
    step.refresh_from_db()
    assert step.state == "passed"


def test_decide_return_without_a_reason_says_what_is_missing_and_writes_nothing(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    answer = signed_in(cast.lin).post(
        reverse("review-decide", args=[step.pk]), {"verdict": "return", "comment": "kept words"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a reason." in page
    assert "kept words" in page
    assert Verdict.objects.count() == 1


def test_decide_twice_answers_conflict(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    client = signed_in(cast.lin)
    client.post(reverse("review-decide", args=[step.pk]), {"verdict": "pass"})
    again = client.post(reverse("review-decide", args=[step.pk]), {"verdict": "pass"})
    assert again.status_code == 409


def test_decide_by_another_role_names_who_holds_the_right(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    answer = signed_in(cast.lena).post(
        reverse("review-decide", args=[step.pk]), {"verdict": "pass"}
    )
    assert answer.status_code == 403
    assert "Team lead" in answer.content.decode()


def test_steps_of_another_workspace_do_not_exist(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    client = signed_in(cast.wu)
    assert client.get(reverse("review-step", args=[step.pk])).status_code == 404
    decided = client.post(reverse("review-decide", args=[step.pk]), {"verdict": "pass"})
    assert decided.status_code == 404
    assert client.get(reverse("review-trail", args=[step.round.post_id])).status_code == 404


def test_desk_shows_the_changes_since_the_round_before(cast, account):
    post = make_post(account, cast.zhou, "The revolutionary playlist is here.")
    round_ = submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    return_step(waiting_step(round_), by=cast.lin, reason="tone", comment="No thunder.", now=NOW)
    client = signed_in(cast.zhou)
    client.post(
        reverse("post-draft", args=[post.pk]),
        {"revision": 1, "text": ["The playlist is here."]},
    )
    post = Post.objects.get(pk=post.pk)
    submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)

    page = signed_in(cast.lin).get(reverse("review")).content.decode()

    assert re.search(r"<del>\s*revolutionary", page)
    assert "No thunder." in page
    assert "v1 to v2" in page


def test_the_effect_of_the_last_pass_names_the_hour_and_the_place(cast, account):
    round_ = submitted(account, cast.zhou)
    wall = NOW.replace(year=2036, hour=17, tzinfo=None)
    time_post(round_.post, by=cast.zhou, wall=wall, zone="Europe/Berlin", now=NOW)
    pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    page = signed_in(cast.lena).get(reverse("review")).content.decode()
    assert "Passing schedules it for Sun 2 Mar 17:00, Berlin." in page


def test_desk_holds_the_discussion_of_what_is_read_beside_it(cast, account):
    round_ = submitted(account, cast.zhou, "Geese take turns.", "They rest.")
    said = open_thread(round_.post, by=cast.maya, body="Which?", quote="They rest", now=NOW)
    client = signed_in(cast.lin)
    page = client.get(reverse("review")).content.decode()
    assert "Which?" in page
    assert "In post 2 of 2" in page
    assert reverse("discussion-resolve", args=[said.thread_id]) in page
    # Without scripts an answer is given on its own page; the desk has it from then on.
    sent = client.post(reverse("discussion-answer", args=[said.thread_id]), {"body": "The geese."})
    assert sent.status_code == 302
    piece = {"headers": {"HX-Request": "true", "HX-Target": "review-doc"}}
    step = waiting_step(round_)
    page = client.get(reverse("review-step", args=[step.pk]), **piece).content.decode()
    assert "The geese." in page


@pytest.mark.parametrize("count", [1, 3])
def test_desk_costs_the_same_queries_whatever_waits(
    cast, account, count, django_assert_num_queries
):
    for _ in range(count):
        post = submitted(account, cast.zhou).post
        for _ in range(count):
            open_thread(post, by=cast.maya, body="Which, @Lin?", now=NOW)
    worker_answers()
    client = signed_in(cast.lin)
    client.get(reverse("review"))
    with django_assert_num_queries(DESK_QUERIES):
        client.get(reverse("review"))


DESK_QUERIES = 33


def test_submit_page_signs_and_sends(cast, account):
    post = make_post(account, cast.zhou)
    client = signed_in(cast.zhou)
    page = client.get(reverse("review-submit", args=[post.pk]))
    assert "Goes to Team lead (Team lead), due in 6 h." in page.content.decode()

    refused = client.post(reverse("review-submit", args=[post.pk]), {"point": []})
    assert refused.status_code == 422
    assert "6 points are open." in refused.content.decode()

    sent = client.post(reverse("review-submit", args=[post.pk]), {"point": list(all_ticked(post))})
    assert sent.status_code == 302
    assert Post.objects.get(pk=post.pk).state == PostState.REVIEW


def test_withdraw_by_form(cast, account):
    round_ = submitted(account, cast.zhou)
    client = signed_in(cast.zhou)
    client.post(reverse("review-withdraw", args=[round_.post_id]))
    assert not Round.objects.open().exists()


def test_trail_offers_the_review_to_who_may_decide(cast, account):
    round_ = submitted(account, cast.zhou)
    url = reverse("review-trail", args=[round_.post_id])
    assert "Review it" in signed_in(cast.lin).get(url).content.decode()
    assert "Review it" not in signed_in(cast.lena).get(url).content.decode()


def test_desk_speaks_chinese(cast, account):
    pass_all(submitted(account, cast.zhou), cast.lin)
    cast.lena.user.language = "zh-hans"
    cast.lena.user.save()
    page = signed_in(cast.lena).get(reverse("review")).content.decode()
    assert "等你审核" in page
    assert "终审" in page or "第 3 级" in page
