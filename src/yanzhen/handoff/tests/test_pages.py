"""The pages: the history, one log, its form, its text, and the strip on Today."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.handoff import ports
from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.actions.filling import Point, add_item
from yanzhen.handoff.actions.forming import FormChanged, SectionWish, set_form
from yanzhen.handoff.actions.sending import withdraw_handover
from yanzhen.handoff.models import Attachment, Handover, Item, Section
from yanzhen.handoff.ports import Backlog, Open
from yanzhen.handoff.states import SectionKind
from yanzhen.handoff.tests.shifts import HOUR, accepted, again, begun, leader, points, section, sent
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import make_post
from yanzhen.publishing.actions.freezing import freeze

pytestmark = pytest.mark.django_db
THREE = HOUR.replace(hour=15, tzinfo=None)


def address(name, row):
    return reverse(name, args=[row.pk])


def test_a_member_alone_is_offered_no_log_for_nobody(enter, cast):
    page = enter(cast.wu).get("/handoffs/").text
    assert "There is nobody else yet." in page
    assert "Begin the log" not in page
    assert "Begin the log" in enter(cast.lena).get("/handoffs/").text


def test_log_is_written_sent_and_accepted_by_its_pages(enter, cast):
    client = enter(cast.lena)
    hours = {"receiver": cast.zhou.pk, "due_at": "2026-03-02T11:00", "until_at": ""}
    assert client.post("/handoffs/", hours).status_code == 302
    handover = Handover.objects.get()
    assert handover.due_at == HOUR  # Berlin reads eleven
    words = {**hours, "light": "red", "note": "Heat reports", "seen": 0}
    assert client.post(address("handoff-words", handover), words).status_code == 302
    assert client.post(address("handoff-words", handover), words).status_code == 409
    empty = client.post(address("handoff-send", handover))
    assert (empty.status_code, "Still empty: To do" in empty.text) == (422, True)
    point = {"section": section(cast).pk, "text": "Call Ana", "owner": cast.zhou.pk}
    point["due_at"] = "2026-03-02T18:30"
    assert client.post(address("handoff-item-add", handover), point).status_code == 302
    assert client.post(address("handoff-send", handover)).status_code == 302

    zhou = enter(cast.zhou)
    page = zhou.get(address("handoff", handover)).text
    assert "Heat reports" in page
    assert "01:30" in page  # in Shanghai, the receiver's own zone
    seen = Handover.objects.get().revision
    line = {"seen": seen, "read_back": "Ana at half past one"}
    missed = zhou.post(address("handoff-accept", handover), line)
    assert (missed.status_code, "1 point is not ticked" in missed.text) == (422, True)
    assert "Ana at half past one" in missed.text
    ticked = {**line, "ticked": points(handover)[0].pk}
    assert zhou.post(address("handoff-accept", handover), ticked).status_code == 302
    assert leader(cast) == cast.zhou
    assert "Ana at half past one" in zhou.get("/handoffs/").text


def test_wrong_points_come_back_with_what_was_typed(enter, cast):
    handover = begun(cast)
    client = enter(cast.lena)
    place = section(cast, "if_then")
    answer = client.post(
        address("handoff-item-add", handover), {"section": place.pk, "text": "The site is down"}
    )
    assert answer.status_code == 422
    assert "The site is down" in answer.text
    foreign = {"section": 10**9, "text": "x"}
    assert client.post(address("handoff-item-add", handover), foreign).status_code == 404
    assert not Item.objects.exists()


def test_facts_are_those_of_the_shift_by_what_the_reader_may_see(enter, cast):
    account = make_account(cast.workspace)
    ahead = make_post(account, cast.maya, title="Night train")
    held = make_post(account, cast.maya, title="Window seat")
    time_post(ahead, by=cast.maya, wall=THREE, zone="UTC", now=NOW)
    Post.objects.filter(pk=held.pk).update(state=PostState.HELD)
    handover = sent(cast)
    page = enter(cast.zhou).get(address("handoff", handover))
    facts = page.context["facts"]
    assert [post.title for post in facts.accounts[0].ahead] == ["Night train"]
    assert [post.title for post in facts.held] == ["Window seat"]
    assert not facts.live
    terms = Terms(THREE - timedelta(hours=1), "UTC", [cast.lin, cast.lena])
    set_embargo(Post.objects.get(pk=ahead.pk), terms=terms, by=again(cast.maya), now=NOW)
    for name in ("handoff", "handoff-text"):
        said = enter(cast.zhou).get(address(name, handover)).text
        assert "Night train" not in said
        assert "Window seat" in said


def test_receiver_is_told_what_is_open_and_what_waits_until_they_lead(enter, cast, monkeypatch):
    account = make_account(cast.workspace)
    old, new = NOW - timedelta(hours=3), NOW - timedelta(minutes=5)
    waits = [Backlog(account.pk, "Replies", 4, old), Backlog(account.pk, "Messages", 2, new)]
    monkeypatch.setattr(ports, "_backlogs", [lambda member: waits])
    monkeypatch.setattr(ports, "_open", [lambda member: [Open("Negative share", "/x/", old)]])
    freeze(cast.workspace, by=again(cast.lin), reason="Heat reports", now=NOW)
    handover = sent(cast)
    for name in ("handoff", "handoff-text"):
        said = enter(cast.zhou).get(address(name, handover)).text
        plain = re.sub(r"<[^>]+>|:", "", said)
        for words in ("Heat reports", "Negative share", "Replies 4", "Messages 2"):
            assert words in plain
    accepted(handover, cast.zhou)
    said = enter(cast.lena).get(address("handoff-text", handover)).text
    assert "Negative share" not in said


def test_history_is_searched_in_any_script(enter, cast):
    accepted(sent(cast, "退款页面要盯着", "Battery case"), cast.zhou)
    client = enter(cast.maya)

    def found(query):
        return len(client.get("/handoffs/", {"q": query}).context["page"].object_list)

    assert [found(q) for q in ("退款", "battery", "Press first", "Zhou", "退款 case")] == [1] * 5
    assert found("小米") == 0
    assert "Nothing was found" in client.get("/handoffs/", {"q": "小米"}).text


@pytest.mark.parametrize("count", [1, 3])
def test_history_asks_as_much_for_three_as_for_one(enter, cast, count, django_assert_num_queries):
    for _ in range(count):
        withdraw_handover(begun(cast), by=again(cast.lena), now=NOW)
    client = enter(cast.maya)
    client.get("/handoffs/")
    with django_assert_num_queries(17):
        client.get("/handoffs/")


def test_text_holds_the_log_and_titles_cannot_break_it(enter, cast):
    handover = sent(cast, "Call <Ana> & co")
    answer = enter(cast.zhou).get(address("handoff-text", handover))
    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert "- [ ] Call <Ana> & co" in answer.text
    assert "# Lena to Zhou" in answer.text


def test_link_takes_web_pages_only_and_fetches_nothing(enter, cast):
    handover = begun(cast)
    client = enter(cast.lena)
    where = address("handoff-link", handover)
    for wrong in ("javascript:alert(1)", "ftp://files.example/x", "data:text/html,x"):
        assert client.post(where, {"title": "Notes", "url": wrong}).status_code == 422
    good = {"title": "Loom of the desk", "url": "https://www.loom.com/share/1"}
    assert client.post(where, good).status_code == 302
    page = client.get(address("handoff", handover)).text
    assert 'rel="noopener noreferrer nofollow"' in page
    assert Attachment.objects.get().title == "Loom of the desk"


def test_form_is_set_by_who_sets_the_lead_and_followed_from_then_on(enter, cast):
    handover = begun(cast)
    client = enter(cast.lin)
    sections = list(Section.objects.filter(workspace=cast.workspace).in_order())
    sent_form = {"new-title": "Press list", "new-kind": "list", "new-required": "on"}
    sent_form |= {"new-used": "on", "new-place": 1}
    for place, each in enumerate(sections, start=2):
        sent_form |= {f"{each.pk}-place": place, f"{each.pk}-title": ""}
    sent_form[f"{sections[0].pk}-used"] = "on"
    assert client.post("/handoffs/form/", sent_form).status_code == 302
    page = enter(cast.lena).get(address("handoff", handover))
    assert [part.section.shown_title for part, _ in page.context["parts"]] == [
        "Press list",
        "To do",
    ]
    assert [each.shown_title for each in page.context["missing"]] == ["Press list"]
    wish = [SectionWish(each.pk, "", SectionKind.LIST, False, False) for each in sections]
    with pytest.raises(FormChanged):
        set_form(cast.workspace, wishes=wish, by=again(cast.lin), now=NOW)


def test_today_says_what_waits_and_leads_there(enter, cast):
    handover = sent(cast)
    said = enter(cast.zhou).get("/", headers={"HX-Target": "today-handoff"}).text
    assert "Lena hands the lead over" in said
    assert f'href="/handoffs/{handover.pk}/"' in enter(cast.zhou).get("/").text
    assert "Zhou has not accepted the lead yet" in enter(cast.maya).get("/").text
    with set_to(HOUR + timedelta(minutes=20)):
        assert "20 min late" in enter(cast.lena).get("/").text


@pytest.mark.parametrize("script", [True, False])
def test_receiver_takes_the_lead_on_today(enter, cast, script):
    handover = sent(cast, "Call the press", "Watch the thread")
    assert "take__form" not in enter(cast.maya).get("/").text
    client = enter(cast.zhou)
    page = client.get("/").text
    assert "Lena hands the lead to you" in page
    assert page.index("take__form") < page.index('class="duty"')
    headers = {"HX-Request": "true", "HX-Target": "today-accept"} if script else {}
    where, both = address("handoff-accept", handover), [item.pk for item in points(handover)]
    filled = {"seen": handover.revision, "read_back": "Both", "from": "today"}
    missed = client.post(where, {**filled, "ticked": both[:1]}, headers=headers)
    assert (missed.status_code, "1 point is not ticked" in missed.text) == (422, True)
    assert ("<html" in missed.text) is not script
    ticks = re.findall(r'name="ticked" value="(\d+)"[^>]* checked', missed.text)
    assert ticks == [str(both[0])]
    add_item(handover, section(cast), point=Point("One more"), by=again(cast.lena))
    stale = client.post(where, {**filled, "ticked": both}, headers=headers)
    assert (stale.status_code, "The log changed meanwhile" in stale.text) == (409, True)
    assert 'value="Both"' in stale.text
    assert not re.search(r'name="ticked"[^>]* checked', stale.text)
    assert leader(cast) == cast.lena
    filled |= {"seen": Handover.objects.get().revision}
    filled |= {"ticked": [item.pk for item in points(handover)]}
    done = client.post(where, filled, headers=headers)
    assert done.headers["HX-Redirect" if script else "Location"] == "/"
    assert leader(cast) == cast.zhou
    page = client.get("/").text
    assert "You have the lead." in page
    assert "take__form" not in page


def test_palette_offers_to_accept_and_finds_logs(enter, cast):
    handover = sent(cast, "Call Gear Atlas")
    client = enter(cast.zhou)
    for query in ("", "accept", "handoff lena"):
        said = client.get("/search/palette/", {"q": query}).text
        assert f'href="/handoffs/{handover.pk}/#accept"' in said
    assert "#accept" not in client.get("/search/palette/", {"q": "calendar"}).text
    assert f'href="/handoffs/{handover.pk}/"' in client.get("/search/", {"q": "gear atlas"}).text
    assert "#accept" not in enter(cast.maya).get("/search/palette/").text


def test_attached_things_of_settled_logs_stay(enter, cast):
    handover = sent(cast)
    add_link(handover, title="Notes", url="https://a.example/", by=again(cast.lena), now=NOW)
    accepted(handover, cast.zhou)
    where = address("handoff-attachment", Attachment.objects.get())
    assert enter(cast.lena).post(where, {"do": "remove"}).status_code == 409
