"""Links under which other calendars read the plan."""

import io
import logging
import re
import time
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.config.log_lines import Line
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.linking import MOST_LINKS, make_link
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import CalendarLink, Post
from yanzhen.planning.tests.plan import make_post, timed

pytestmark = pytest.mark.django_db
PAGE = "calendar-links"


def linked(member, shows="everything", *, account=None, titled=True):
    return make_link(shows=shows, account=account, titled=titled, by=member, now=NOW)[1]


def read(secret, client=None, **headers):
    """Ask as a calendar does, which has no cookies."""
    return (client or Client()).get(reverse("calendar-feed", args=[secret]), headers=headers)


def parsed(content: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Read a calendar as strictly as RFC 5545 is written; return its properties and events."""
    text = content.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-1]
    assert all(line and len(line.encode()) <= 75 for line in lines), "folded at 75 octets"
    stack: list[str] = []
    found: list[dict[str, str]] = [{}]
    for line in "\r\n".join(lines).replace("\r\n ", "").split("\r\n"):
        matched = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[A-Z0-9-]+)*):(.*)", line)
        assert matched, line
        name, value = matched[1], matched[3]
        if name == "BEGIN":
            stack.append(value)
            assert stack in (["VCALENDAR"], ["VCALENDAR", "VEVENT"])
            found += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert stack.pop() == value
        else:
            block = found[-1] if stack[-1] == "VEVENT" else found[0]
            assert name not in block, "each of these may stand once"
            block[name] = value
    assert not stack
    for each in found[1:]:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE"} <= set(each)
        for name in ("SUMMARY", "DESCRIPTION"):
            assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", each[name]), "escaped"
    assert found[0]["VERSION"] == "2.0"
    assert "PRODID" in found[0]
    return found[0], found[1:]


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def test_feed_says_title_account_stage_and_link_and_nothing_of_the_text(cast, account, at_now):
    title = "Zug; Nacht, \\ " + "去柏林的夜车" * 8
    post = timed(
        create_post(account=account, by=cast.zhou, texts=["Secret words."], title=title, now=NOW),
        cast.lin,
    )
    timed(make_post(account, cast.zhou, "Untitled secret words."), cast.lin)
    answer = read(linked(cast.lena))
    calendar, (one, other) = parsed(answer.content)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert plain(calendar["X-WR-CALNAME"]) == "Ferrow: All posts"
    assert plain(one["SUMMARY"]) == f"{title} (@Ferrow)"
    assert plain(one["DESCRIPTION"]) == f"Draft\n{settings.BASE_URL}/posts/{post.pk}/"
    assert (one["DTSTART"], one["DTEND"]) == ("20260310T090000Z", "20260310T091500Z")
    assert (one["STATUS"], other["SUMMARY"]) == ("TENTATIVE", "Post (@Ferrow)")
    assert "ecret" not in answer.content.decode()
    assert not answer.cookies


def test_feed_without_titles_says_none(cast, account, at_now):
    post = create_post(account=account, by=cast.zhou, texts=["W."], title="Night train", now=NOW)
    timed(post, cast.lin)
    assert b"Night" not in read(linked(cast.lena, titled=False)).content


def test_feed_shows_what_the_link_is_for(cast, account, at_now):
    second = make_account(cast.workspace, handle="second")
    elsewhere = make_account(cast.wu.workspace, handle="other")
    posts = {
        "own": timed(make_post(account, cast.zhou, "One"), cast.lin),
        "hers": timed(make_post(second, cast.maya, "Two"), cast.lin),
        "theirs": timed(make_post(elsewhere, cast.wu, "Three"), cast.wu),
        "dropped": timed(make_post(account, cast.zhou, "Four"), cast.lin),
        "late": timed(
            make_post(account, cast.zhou, "5"), cast.lin, datetime.fromisoformat("2029-01-01T09:00")
        ),
    }
    make_post(account, cast.zhou, "No time")

    def shown(*args, **options):
        uids = [each["UID"] for each in parsed(read(linked(*args, **options)).content)[1]]
        return {name for name, post in posts.items() if f"post-{post.pk}@localhost" in uids}

    assert shown(cast.zhou) == {"own", "hers", "dropped"}
    drop_post(posts["dropped"], by=cast.lin, now=NOW)
    assert shown(cast.zhou) == {"own", "hers"}
    assert shown(cast.zhou, "own") == {"own"}
    assert shown(cast.zhou, "account", account=second) == {"hers"}


def test_feed_tells_that_an_entry_changed_and_keeps_its_name(cast, post, at_now):
    timed(post, cast.lin)
    secret = linked(cast.zhou)
    first = read(secret)
    unchanged = read(secret, **{"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    Post.objects.filter(pk=post.pk).update(
        state="scheduled", updated_at=NOW + timedelta(minutes=5), levels_done=3
    )
    second = read(secret, **{"If-None-Match": first["ETag"]})
    before, after = (parsed(each.content)[1][0] for each in (first, second))
    assert before["UID"] == after["UID"]
    assert int(before["SEQUENCE"]) < int(after["SEQUENCE"])
    assert before["LAST-MODIFIED"] < after["LAST-MODIFIED"]
    assert after["STATUS"] == "CONFIRMED"


def test_feed_speaks_the_language_of_its_member(cast, post, at_now):
    timed(post, cast.lin)
    cast.zhou.user.language = "zh-hans"
    cast.zhou.user.save()
    assert "草稿" in parsed(read(linked(cast.zhou)).content)[1][0]["DESCRIPTION"]


def test_feed_costs_the_same_for_three_posts_as_for_one(
    cast, account, at_now, django_assert_num_queries
):
    timed(make_post(account, cast.zhou, "1"), cast.lin)
    secret = linked(cast.zhou)
    read(secret)
    counts = []
    for text in ("2", "3"):
        timed(make_post(account, cast.zhou, text), cast.lin)
        with django_assert_num_queries(counts[0] if counts else 99, exact=bool(counts)) as told:
            read(secret)
        counts.append(len(told))


def test_link_is_shown_once_and_kept_as_a_hash(cast, enter):
    client = enter(cast.zhou)
    made = client.post(reverse(PAGE), {"shows": "everything", "titled": "titles"})
    secret = re.search(r"/calendar/feed/([^\"]+)\.ics", made.content.decode())[1]
    link = CalendarLink.objects.get()
    assert len(secret) >= 43
    assert secret not in str(link.__dict__)
    assert read(secret).status_code == 200
    again = client.get(reverse(PAGE)).content.decode()
    assert secret not in again
    assert "Last used" in again
    told = events().objects.filter(kind="planning.calendar_linked").get()
    assert secret not in str(told.data)


def test_link_that_is_revoked_or_unknown_is_nowhere(cast, enter):
    secret = linked(cast.zhou)
    address = reverse("calendar-link-revoke", args=[CalendarLink.objects.get().pk])
    assert enter(cast.lin).post(address).status_code == 404
    assert read(secret).status_code == 200
    client = enter(cast.zhou)
    assert client.post(address).status_code == 302
    assert read(secret).status_code == 404
    assert client.post(address, follow=True).status_code == 200
    assert read("x" * 43).status_code == 404
    assert events().objects.filter(kind="planning.calendar_unlinked").count() == 1


def test_links_of_who_leaves_are_revoked_for_good(cast, at_now):
    secret = linked(cast.zhou)
    zhou = Member.objects.with_roles().get(pk=cast.zhou.pk)
    deactivate_member(zhou, seen=0, by=cast.admin, now=NOW)
    assert read(secret).status_code == 404
    assert CalendarLink.objects.get().revoked_at == NOW
    zhou.refresh_from_db()
    reactivate_member(zhou, seen=zhou.revision, by=cast.admin, now=NOW)
    assert read(secret).status_code == 404


def test_link_never_stands_in_a_log_line(cast, at_now):
    secret, written = linked(cast.zhou), io.StringIO()
    CalendarLink.objects.update(revoked_at=NOW)
    handler = logging.StreamHandler(written)
    line = settings.LOGGING["formatters"]["line"]
    assert line["()"] == f"{Line.__module__}.{Line.__name__}"
    handler.setFormatter(Line(line["fmt"]))
    logging.getLogger("django.request").addHandler(handler)
    try:
        read(secret)
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert "Not Found: /calendar/feed/…" in written.getvalue()
    assert secret not in written.getvalue()


def test_link_that_is_read_too_often_has_to_wait(cast, at_now):
    secret = linked(cast.zhou)
    statuses = {read(secret).status_code for _each in range(60)}
    refused = read(secret)
    assert statuses == {200}
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert read(linked(cast.maya)).status_code == 200
    later = time.time() + 601
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        assert read(secret).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"shows": "account"}, "Choose the account"), ({"shows": "tea"}, "tea")],
)
def test_link_page_says_what_is_wrong(cast, enter, fields, words):
    refused = enter(cast.zhou).post(reverse(PAGE), {"titled": "titles", **fields})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not CalendarLink.objects.exists()


def test_link_page_offers_no_more_than_a_member_can_look_after(cast, enter):
    for _each in range(MOST_LINKS):
        linked(cast.zhou)
    refused = enter(cast.zhou).post(reverse(PAGE), {"shows": "own", "titled": "busy"})
    assert refused.status_code == 422
    assert "Revoke one" in refused.content.decode()
