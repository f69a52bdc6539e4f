"""The page behind a guest's link, over HTTP, and the member's side of it."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.config.log_lines import Line
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import revise_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import Post
from yanzhen.planning.tests.pictures import hung, picture
from yanzhen.review.actions.guests import revoke_guest
from yanzhen.review.actions.rounds import submit_post
from yanzhen.review.models import GuestLink, GuestRemark, Verdict
from yanzhen.review.tests.invited import NAME, invited, open_lead_step
from yanzhen.review.tests.rounds import all_ticked, submitted, waiting_step
from yanzhen.review.urls import carries_guest_file

pytestmark = pytest.mark.django_db
TEXT = "Geese take turns, see https://ferrow.example/a-very-long-address-of-a-page"


@pytest.fixture(autouse=True)
def at_now():
    with set_to(NOW):
        yield


@pytest.fixture
def round_(cast, account):
    open_lead_step()
    return submitted(account, cast.zhou, TEXT)


def address(secret, name="guest", *args):
    return reverse(name, args=[secret, *args])


def deciding(round_, **changed):
    sent = {"seen": round_.digest, "name": NAME, "verdict": "pass", "sure": "on"}
    return {**sent, **changed}


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def test_page_shows_the_version_and_keeps_its_address_to_itself(cast, round_):
    link, secret = invited(round_, cast.maya)
    answer = Client().get(address(secret))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert TEXT in page, "the whole address, not only what X shows of it"
    assert round_.digest in page
    assert "Maya of Ferrow" in page
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert Verdict.objects.filter(guest=link).count() == 0
    link.refresh_from_db()
    assert link.opened_at == NOW


def test_page_speaks_the_guests_language_until_they_switch(cast, round_):
    link, secret = invited(round_, cast.maya)
    GuestLink.objects.filter(pk=link.pk).update(language="zh-hans")
    client = Client()
    assert '<html lang="zh-Hans"' in client.get(address(secret)).content.decode()
    client.post("/language/", {"language": "en", "next": address(secret)})
    assert '<html lang="en"' in client.get(address(secret)).content.decode()


def test_guest_comments_and_decides_with_the_token_of_the_form(cast, round_):
    """As a browser does: its Referer has no address, its Origin is there."""
    _link, secret = invited(round_, cast.maya)
    client = Client(enforce_csrf_checks=True)
    page = client.get(address(secret)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    said = {"seen": round_.digest, "name": NAME, "body": "Line two is wrong."}
    where = address(secret, "guest-comment")
    origin = {"Origin": "http://testserver"}
    assert client.post(where, said, headers=origin).status_code == 403
    said["csrfmiddlewaretoken"] = token
    assert client.post(where, said, headers=origin).status_code == 302
    sent = deciding(round_, csrfmiddlewaretoken=token, comment="Good.")
    assert client.post(address(secret, "guest-decide"), sent, headers=origin).status_code == 302
    after = client.get(address(secret)).content.decode()
    assert "Your decision" in after
    assert 'name="verdict"' not in after
    assert "Line two is wrong." in after
    desk = signed_in(cast.lena).get(reverse("review-step", args=[waiting_step(round_).pk]))
    told = desk.content.decode()
    assert "Guest Ada Hart, by link of Maya" in told
    assert "Line two is wrong." in told


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"sure": ""}, 422),
        ({"name": " "}, 422),
        ({"verdict": "return"}, 422),
        ({"verdict": "maybe"}, 422),
        ({"name": "\x07Ada"}, 422),
        ({"seen": "f" * 64}, 409),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(cast, round_, changed, status):
    _link, secret = invited(round_, cast.maya)
    sent = deciding(round_, comment="Typed words.", **changed)
    answer = Client().post(address(secret, "guest-decide"), sent)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert not Verdict.objects.filter(guest__isnull=False).exists()


def test_ended_links_show_no_word_of_the_post(cast, round_):
    def pages(secret):
        return [
            Client().get(address(secret)),
            Client().post(address(secret, "guest-decide"), deciding(round_)),
        ]

    link, secret = invited(round_, cast.maya, days=1)
    with set_to(NOW + timedelta(days=1)):
        expired = pages(secret)
    assert "This link has expired" in expired[0].content.decode()
    revoke_guest(link, by=cast.maya, now=NOW)
    revoked = pages(secret)
    _link, other = invited(round_, cast.maya)
    revise_post(Post.objects.get(pk=round_.post_id), by=cast.zhou, now=NOW)
    changed = pages(other)
    assert "Wait for a new link from Maya" in changed[0].content.decode()
    for read, decided in (expired, revoked, changed):
        assert (read.status_code, decided.status_code) == (410, 409)
        assert "Geese take turns" not in read.content.decode() + decided.content.decode()
    assert not Verdict.objects.filter(guest__isnull=False).exists()


def test_comment_that_came_too_late_is_given_back(cast, round_):
    link, secret = invited(round_, cast.maya)
    revoke_guest(link, by=cast.maya, now=NOW)
    said = {"seen": round_.digest, "name": NAME, "body": "An hour of thought."}
    answer = Client().post(address(secret, "guest-comment"), said)
    assert answer.status_code == 409
    assert "An hour of thought." in answer.content.decode()
    assert not GuestRemark.objects.exists()


def test_only_files_of_the_version_are_given(cast, account, store):
    open_lead_step()
    mine, other = picture(cast.zhou), picture(cast.zhou, "other.png", (90, 60))
    post = create_post(account=account, by=cast.zhou, texts=["Look."], extras=[hung(mine)], now=NOW)
    round_ = submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    link, secret = invited(round_, cast.maya)
    assert (
        address(secret, "guest-thumbnail", mine.pk)
        in Client().get(address(secret)).content.decode()
    )
    for name in ("guest-media", "guest-thumbnail"):
        assert carries_guest_file(address(secret, name, mine.pk))
        given = Client().get(address(secret, name, mine.pk))
        assert given.status_code == 200
        assert b"".join(given.streaming_content)
        assert given["Cache-Control"] == "private, no-cache"
        assert Client().get(address(secret, name, other.pk)).status_code == 404
        assert Client().get(address("x" * 43, name, mine.pk)).status_code == 404
    revoke_guest(link, by=cast.maya, now=NOW)
    assert Client().get(address(secret, "guest-media", mine.pk)).status_code == 404


def test_other_secrets_are_nothing_and_guessing_is_slowed(cast, round_, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guest_guesses": "3/9m/ip"}
    link, _secret = invited(round_, cast.maya)
    client = Client()
    tried = [str(link.pk), link.secret_hash, "A" * 43, "B" * 43]
    answers = [client.get(address(each)) for each in tried]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[-1]["Retry-After"] == "540"


def test_writing_by_a_link_is_limited(cast, round_, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guest_writes": "2/10m/key"}
    _link, secret = invited(round_, cast.maya, decides=False)
    said = [
        Client()
        .post(
            address(secret, "guest-comment"),
            {"seen": round_.digest, "name": NAME, "body": f"Number {n}"},
        )
        .status_code
        for n in range(3)
    ]
    assert said == [302, 302, 429]


def test_member_who_is_signed_in_only_looks(cast, round_):
    link, secret = invited(round_, cast.maya)
    author = signed_in(cast.zhou)
    page = author.get(address(secret))
    assert 'name="verdict"' not in page.content.decode()
    assert author.post(address(secret, "guest-decide"), deciding(round_)).status_code == 403
    link.refresh_from_db()
    assert link.opened_at is None
    assert not Verdict.objects.filter(guest=link).exists()


def test_log_lines_keep_no_secret_of_a_guest(cast, round_):
    _link, secret = invited(round_, cast.maya)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Line("%(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        Client().get(f"/guest/{secret}x/media/1/")
    finally:
        logger.removeHandler(handler)
    assert secret not in written.getvalue()
    assert "/guest/…" in written.getvalue()


def test_invite_page_gives_the_link_once_and_lists_and_revokes_it(cast, round_):
    client = signed_in(cast.maya)
    page = reverse("review-guests", args=[round_.post_id])
    assert client.get(page).status_code == 200
    step = waiting_step(round_)
    asked = {"name": NAME, "step": step.pk, "days": 7, "language": "en"}
    made = client.post(page, asked).content.decode()
    secret = re.search(r"/guest/([\w-]+)/", made)[1]
    assert Client().get(address(secret)).status_code == 200
    listed = client.get(page).content.decode()
    assert NAME in listed
    assert secret not in listed
    again = client.post(page, {**asked, "name": "Other"})
    assert again.status_code == 422
    assert "You answer for one decision in this round" in again.content.decode()
    link = GuestLink.objects.get()
    revoke = reverse("review-guest-revoke", args=[link.pk])
    assert signed_in(cast.wu).post(revoke).status_code == 404
    assert signed_in(cast.zhou).post(revoke).status_code == 403
    assert client.post(revoke).status_code == 302
    assert Client().get(address(secret)).status_code == 410


def test_invite_page_says_which_step_is_not_for_guests_and_why(cast, round_):
    page = reverse("review-guests", args=[round_.post_id])
    shown = signed_in(cast.maya).get(page).content.decode()
    assert "Final review is for members only" in shown
    final = round_.steps.get(slug="final")
    asked = {"name": NAME, "step": final.pk, "days": 7, "language": "en"}
    assert signed_in(cast.maya).post(page, asked).status_code == 422


def test_desk_asks_as_much_for_three_guests_as_for_one(cast, round_, django_assert_num_queries):
    client = signed_in(cast.lin)
    desk = reverse("review-step", args=[waiting_step(round_).pk])
    invited(round_, cast.maya)
    client.get(desk)
    with CaptureQueriesContext(connection) as one:
        client.get(desk)
    invited(round_, cast.maya, decides=False, name="Two")
    invited(round_, cast.lena, decides=False, name="Three")
    with django_assert_num_queries(len(one)):
        client.get(desk)
