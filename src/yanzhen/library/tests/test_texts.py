"""Templates and agreed lines: written, agreed on, offered, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.library.actions.texts import (
    TextMoved,
    Wording,
    add_text,
    agree_line,
    archive_text,
    change_text,
    withdraw_line,
)
from yanzhen.library.models import SavedText
from yanzhen.library.models.texts import TextKind
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW


def line(member, title="Delay", body="We are late, {name}.", language="en", **more):
    wording = Wording(title=title, body=body, language=language, owner=member, **more)
    return add_text(more.pop("kind", TextKind.LINE), wording=wording, by=member, now=NOW)


def offered(member, at=NOW):
    return [text.title for text in SavedText.objects.visible_to(member).offered(at)]


def test_line_is_offered_once_agreed_and_never_after_other_words(cast):
    text = line(cast.zhou)
    assert offered(cast.zhou) == []
    with pytest.raises(NotAllowed):
        agree_line(text, revision=text.revision, by=cast.zhou, now=NOW)
    text = agree_line(text, revision=text.revision, by=cast.lin, now=NOW)
    assert offered(cast.zhou) == ["Delay"]
    with pytest.raises(NotAllowed):
        change_text(
            text,
            wording=Wording("Delay", "Never mind.", "en", cast.zhou),
            revision=text.revision,
            by=cast.zhou,
            now=NOW,
        )
    changed = Wording("Delay", "Sorry, {name}.", "en", cast.zhou)
    text = change_text(text, wording=changed, revision=text.revision, by=cast.lin, now=NOW)
    assert text.approved_by is None
    assert offered(cast.zhou) == []


def test_agreeing_on_words_nobody_showed_is_refused(cast):
    text = line(cast.zhou)
    shown = text.revision
    change_text(
        text,
        wording=Wording("Delay", "Else.", "en", cast.zhou),
        revision=shown,
        by=cast.zhou,
        now=NOW,
    )
    with pytest.raises(TextMoved):
        agree_line(text, revision=shown, by=cast.lin, now=NOW)


def test_line_out_of_its_time_archived_or_withdrawn_is_not_offered(cast):
    until = line(cast.lin, "Until", expires_at=NOW + timedelta(days=1))
    from_ = line(cast.lin, "From", available_at=NOW + timedelta(days=1))
    gone = line(cast.lin, "Gone")
    for text in (until, from_, gone):
        agree_line(text, revision=text.revision, by=cast.lin, now=NOW)
    assert sorted(offered(cast.zhou)) == ["Gone", "Until"]
    assert sorted(offered(cast.zhou, NOW + timedelta(days=1))) == ["From", "Gone"]
    archive_text(gone, archived=True, by=cast.lin, now=NOW)
    withdraw_line(until, by=cast.lin, now=NOW)
    assert offered(cast.zhou) == []


def test_pair_points_both_ways_and_follows_a_change(cast):
    english = line(cast.lin)
    chinese = line(cast.lin, "延误", "抱歉。", "zh-Hans", pair=english)
    third = line(cast.lin, "Retard", "Désolé.", "fr", pair=chinese)
    pairs = dict(SavedText.objects.values_list("pk", "pair"))
    assert pairs == {english.pk: None, chinese.pk: third.pk, third.pk: chinese.pk}


def test_pages_write_agree_and_offer(cast, client):
    client.force_login(cast.zhou.user)
    sent = {"kind": "line", "title": "退款口径", "body": "请私信 {name}。", "language": "zh-Hans"}
    sent |= {"owner": cast.zhou.pk, "revision": 0, "tags": "客服，退款"}
    assert client.post("/library/texts/new/", {**sent, "body": " "}).status_code == 422
    answer = client.post("/library/texts/new/", sent)
    text = SavedText.objects.get()
    assert answer.url == f"/library/texts/{text.pk}/"
    assert [tag.name for tag in text.tags.order_by("key")] == ["客服", "退款"]
    assert "退款口径" in client.get("/library/texts/?q=退款").content.decode()
    client.force_login(cast.lin.user)
    client.post(f"/library/texts/{text.pk}/agree/", {"revision": text.revision})
    client.force_login(cast.zhou.user)
    page = client.get("/library/texts/offered/?language=zh-hans&q=私信").content.decode()
    assert 'data-body="请私信 {name}。"' in page
    locked = client.post(f"/library/texts/{text.pk}/", {**sent, "revision": text.revision + 1})
    assert locked.status_code == 403
