"""Promise P15: before its time nothing of an embargoed post reaches anybody outside its list.

Every address that answers GET is asked by every role, with the number of everything embargoed in
it; mails, notices and the log are read too. Afterwards the same crawl finds all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from tools import figures
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.ideas.actions.ideas import Wish as Thought
from yanzhen.ideas.actions.ideas import add_idea, move_idea, write_drafts
from yanzhen.kernel.clock import set_to
from yanzhen.library.actions import set_subtitles
from yanzhen.library.models import MediaFile
from yanzhen.library.tests import makers
from yanzhen.notify.actions.mailing import mail_member
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.states import LetterState, Way
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post, cut_version
from yanzhen.planning.models import Post
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.sizes import size
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.models import RoundStep
from yanzhen.review.tests.rounds import all_ticked, waiting_step
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.web.tests import policy
from yanzhen.web.tests.building import make_street
from yanzhen.web.tests.doors import patterns
from yanzhen.web.tests.house import CHIEF, HOMELESS, OUTSIDER, ROLES, STRANGER, Street
from yanzhen.web.tests.policy.ways import COORDINATOR, CREATOR, LEAD, MANAGER

pytestmark = pytest.mark.django_db
NOT_TAKEN = 405
LATER = NOW + timedelta(hours=1)
LIFTS = (NOW + timedelta(days=3)).replace(tzinfo=None)
AFTER = NOW + timedelta(days=3, minutes=1)
GOES_OUT = LIFTS + timedelta(hours=2)
#: No word of the site, of a name or of another post has these in it.
TITLE, TEXT, ALT = "Zephyranthes", "quagmirelith", "xylopyrograph"
FILE, COMMENT, REASON, SPOKEN = "brontolith", "ytterspeak", "kvasirgrund", "wolframsang"
SECRETS = (TITLE, TEXT, ALT, FILE, COMMENT, REASON, SPOKEN)
INSIDERS = (CREATOR, LEAD, MANAGER)
ROLES_OUTSIDE = tuple(role for role in ROLES if role not in INSIDERS)
#: CHIEF holds every right of the brand and is not on the list. The other roles hold parts of it.
OUTSIDE = (
    STRANGER,
    OUTSIDER,
    CHIEF,
    *size((COORDINATOR,), (HOMELESS, *ROLES_OUTSIDE)),
)
#: Searches mark what they found within a word.
MARKS = re.compile(r"</?mark[^>]*>")
#: What narrows and searches, beside the bare addresses. A page may repeat what was searched for, so
#: that is a letter short of the word: the whole word can only come from what was found.
ASKED = (
    f"/posts/?q={TEXT[:-1]}",
    f"/posts/?q={TITLE[:-1]}",
    "/posts/?stage=scheduled",
    "/posts/?stage=held",
    f"/search/?q={TEXT[:-1]}",
    f"/search/?q={FILE[:-1]}",
    f"/search/?q={COMMENT[:-1]}",
    f"/search/?q={COMMENT[:-1]}&kind=comments",
    f"/calendar/?month={LIFTS:%Y-%m}",
    f"/calendar/?month={LIFTS:%Y-%m}&view=list",
    f"/calendar/?day={GOES_OUT:%Y-%m-%d}&view=week",
    f"/calendar/?day={GOES_OUT:%Y-%m-%d}&view=day",
    "/ideas/",
    f"/ideas/?q={TITLE[:-1]}",
    "/review/?queue=team",
    "/failures/?show=person",
    "/library/?shelf=image",
    f"/activity/?subject={TITLE[:-1]}",
    "/activity/?room=planning",
    f"/activity.csv?subject={TITLE[:-1]}",
    "/notices/?show=urgent",
)


@dataclass
class Secret:
    """Posts of one brand that are under embargo, in every stage where something shows them."""

    street: Street
    posts: dict[str, Post] = field(default_factory=dict)
    files: list[MediaFile] = field(default_factory=list)
    subtitles: Any = None
    #: About one of the posts, and given to somebody outside the list.
    task: Any = None
    #: A comment on one of the posts.
    said: Any = None
    #: What one of the posts was written from.
    idea: Any = None

    @property
    def numbers(self) -> dict[str, list[int]]:
        """What stands in addresses, by their first part."""
        posts = [post.pk for post in self.posts.values()]
        deliveries = Delivery.objects.filter(post__in=posts).values_list("pk", flat=True)
        steps = RoundStep.objects.filter(round__post__in=posts).values_list("pk", flat=True)
        return {
            "posts": posts,
            "failures": list(deliveries),
            "deliveries": list(deliveries),
            "last-look": list(deliveries),
            "review": list(steps),
            "tasks": [self.task.pk],
            "ideas": [self.idea.pk],
            "discussions": [self.said.thread_id],
            "comments": [self.said.pk],
            "library": [
                *{pk for media in self.files for pk in (media.pk, media.asset_id)},
                self.subtitles.pk,
            ],
        }


def _write(house: Any, name: str, *, files: Any = ()) -> Post:
    hung = [{"media": media.pk, "sha256": "", "alt": f"{ALT} {name}"} for media in files]
    return create_post(
        account=house.account,
        by=house.people[CREATOR],
        texts=[f"The {TEXT} is {name}."],
        title=f"{TITLE} {name}",
        extras=[{"media": hung}],
        now=NOW,
    )


def _embargo(house: Any, post: Post) -> None:
    readers = [house.people[name] for name in (LEAD, MANAGER)]
    terms = Terms(wall=LIFTS, zone="UTC", readers=readers, reason=REASON)
    set_embargo(post, by=house.people[CREATOR], terms=terms, now=NOW)


def make_secret(street: Street) -> Secret:
    """Leave traces of embargoed posts everywhere, through the actions."""
    house, secret = street.ferrow, Secret(street)
    author, lead = house.people[CREATOR], house.people[LEAD]
    picture = makers.upload(author, makers.image("PNG", size=(211, 97)), f"{FILE}.png")
    data = makers.PLAIN_MP4 + makers.box(b"free", b"another film")
    film = makers.upload(author, data, f"{FILE}.mp4")
    srt = f"1\n00:00:00,000 --> 00:00:01,000\n{SPOKEN}.\n"
    secret.files = [picture, film]
    secret.subtitles = set_subtitles(
        media=film, by=author, language="de", label="Deutsch", text=srt, now=NOW
    )
    secret.posts["draft"] = _write(house, "draft", files=[picture])
    secret.posts["filmed"] = _write(house, "filmed", files=[film])
    for name in ("review", "scheduled", "held"):
        post = secret.posts[name] = _write(house, name, files=[picture])
        time_post(post, by=author, wall=GOES_OUT, zone="UTC", now=NOW)
        _embargo(house, post)
        open_thread(post, by=lead, body=f"{COMMENT}?", now=NOW)
        round_ = submit_post(
            Post.objects.get(pk=post.pk), by=author, ticks=all_ticked(post), now=NOW
        )
        if name != "review":
            pass_step(waiting_step(round_), by=lead, comment=COMMENT, now=NOW)
            pass_step(waiting_step(round_), by=house.people[MANAGER], now=NOW)
    thought = Thought(title=f"{TITLE} thought", goal=f"Sell {TEXT}")
    secret.idea = add_idea(wish=thought, by=author, now=NOW)
    move_idea(secret.idea, move="brief", by=author, now=NOW)
    (secret.posts["thought"],) = write_drafts(
        secret.idea, accounts=[house.account], by=author, now=NOW
    )
    for name in ("draft", "filmed"):
        cut_version(secret.posts[name], by=author, note=f"{COMMENT} one", now=NOW)
    for name in ("draft", "filmed", "thought"):
        _embargo(house, secret.posts[name])
    wish = Wish(title=f"{TITLE} needs a picture", assignee=house.people[COORDINATOR])
    secret.task = create_task(lead, wish=wish, post=secret.posts["review"], now=NOW)
    post, words = secret.posts["review"], f"{COMMENT} about {TEXT}."
    secret.said = open_thread(post, by=lead, body=words, quote=TEXT, now=NOW)
    held = Delivery.objects.get(post=secret.posts["held"])
    outcome.hold(held, HoldReason.EMBARGO, now=NOW)
    return secret


@pytest.fixture(scope="module")
def secret(django_db_setup, django_db_blocker) -> Iterator[Secret]:
    with django_db_blocker.unblock(), set_to(LATER), transaction.atomic():
        yield make_secret(make_street())
        transaction.set_rollback(True)


def addresses(secret: Secret, actor: str) -> Iterator[str]:
    """Yield every address that answers GET, with every embargoed number where one stands."""
    house = secret.street.ferrow
    for each in patterns():
        page = policy.TABLE.get(str(each.name))
        if page is None or page.get.answer == NOT_TAKEN:
            continue
        args = page.args(house)
        if not args or actor == CHIEF:
            yield reverse(str(each.name), args=args)
        first = reverse(str(each.name), args=args).split("/")[1]
        numbers = secret.numbers.get(first, [])
        if first == "notices" and args:
            member = house.people.get(actor)
            numbers = list(Notice.objects.filter(member=member).values_list("pk", flat=True))
        if args and isinstance(args[0], int):
            if actor != CHIEF:
                # Who holds every right is asked about everything, the others about one of each.
                numbers = numbers[:1]
            rest = [[1] if isinstance(a, int) else [a] for a in args[1:]]
            for combined in product(numbers, *rest):
                yield reverse(str(each.name), args=combined)
    yield from ASKED


def crawl(secret: Secret, actors: tuple[str, ...]) -> tuple[int, dict[str, set[str]]]:
    """Return how many answers were read, and which addresses told which secret."""
    read, found = 0, {}
    for actor in actors:
        for address in addresses(secret, actor):
            answer = secret.street.send(actor, "get", address)
            read += 1
            assert answer.status_code < 500, (actor, address)
            asked = MARKS.sub("", answer.told)
            told = {word for word in SECRETS if word.lower() in asked.lower()}
            if told:
                found[f"{actor} {address}"] = told
    return read, found


def pictures(secret: Secret, actor: str) -> list[int]:
    """Return the statuses of both files, the thumbnail and the subtitles."""
    picture, film = secret.files
    asked = [
        reverse("media-file", args=[picture.pk]),
        reverse("media-thumbnail", args=[picture.pk]),
        reverse("media-file", args=[film.pk]),
        reverse("subtitles", args=[secret.subtitles.pk]),
    ]
    return [secret.street.send(actor, "get", address).status_code for address in asked]


def mails(secret: Secret) -> str:
    """Mail everybody what is due to them, and return what those outside got."""
    house, sent = secret.street.ferrow, []
    for name, member in house.people.items():
        if name in INSIDERS:
            continue
        mail.outbox.clear()
        mail_member(member, now=LATER)
        sent += [f"{each.subject}\n{each.body}" for each in mail.outbox]
    return "\n".join(sent)


def test_nothing_embargoed_is_readable_before_its_time_by_anyone_outside(secret):
    street = secret.street
    due = Notice.objects.filter(urgent=True)
    assert due.filter(member=street.ferrow.people[COORDINATOR]).exists()
    owed = Letter.objects.filter(way=Way.MAIL, notice__in=due)
    assert owed.update(state=LetterState.DUE, due_at=NOW, tries=0)
    with transaction.atomic():
        words = mails(secret)
        transaction.set_rollback(True)
    assert "An embargoed post needs somebody on its list." in words
    assert not [word for word in SECRETS if word in words]
    read, found = crawl(secret, OUTSIDE)
    assert found == {}
    for actor in OUTSIDE:
        statuses = pictures(secret, actor)
        assert set(statuses) <= {302, 404}, actor
    with set_to(AFTER):
        _read, told = crawl(secret, (COORDINATOR,))
        assert pictures(secret, COORDINATOR) == [200] * 4
    # The reason is for the list alone, the subtitles were asked for above.
    assert set().union(*told.values()) == set(SECRETS) - {REASON, SPOKEN}
    assert {address.split("/")[1] for address in told} >= {
        "",
        "posts",
        "calendar",
        "review",
        "failures",
        "library",
        "tasks",
        "search",
        "activity",
        "activity.csv",
        "notices",
    }
    figures.note(
        "P15",
        "src/yanzhen/web/tests/test_embargo.py::"
        "test_nothing_embargoed_is_readable_before_its_time_by_anyone_outside",
        f"{read} answers to {len(OUTSIDE)} kinds of people outside the list: 0 embargoed words, "
        "files or thumbnails; after the lift all of them",
    )


def body(answer: Any) -> str:
    page = answer.told.replace(answer.request["PATH_INFO"], "")
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


def test_embargoed_number_is_answered_like_one_nobody_has(secret):
    street, missing = secret.street, 999_999
    for name, page in policy.TABLE.items():
        args = page.args(street.ferrow)
        if not args or not isinstance(args[0], int):
            continue
        first = reverse(name, args=args).split("/")[1]
        for number in secret.numbers.get(first, [])[:1]:
            for method in ("get", "post"):
                if getattr(page, method).answer == NOT_TAKEN:
                    continue
                sends = getattr(page, method).sends
                asked = [reverse(name, args=(pk, *args[1:])) for pk in (number, missing)]
                hidden, nowhere = (
                    street.send(CHIEF, method, address, sends(street.ferrow)) for address in asked
                )
                assert hidden.status_code == nowhere.status_code, (name, method)
                assert body(hidden) == body(nowhere), (name, method)


def test_those_on_the_list_see_it_with_its_lock(secret):
    post = secret.posts["scheduled"]
    for actor in INSIDERS:
        page = secret.street.send(actor, "get", reverse("post", args=[post.pk]))
        assert page.status_code == 200
        assert TITLE in page.told
        assert "Embargo until" in page.told
        assert pictures(secret, actor) == [200] * 4
