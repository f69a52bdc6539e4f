"""What somebody who was woken up reads: every way a post can stop, driven through real sends."""

from __future__ import annotations

import pytest
from django.utils import translation

from yanzhen.channels.actions import disconnect_account
from yanzhen.channels.platforms import platform
from yanzhen.publishing import inbox
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.words import STORIES, Cause, cause_of, noted

#: fault of the fake X, its settings, what the page says happened in English and in Chinese.
FAULTS = [
    ("403_duplicate", {}, "this account has posted these words already", "已经发过这些文字"),
    ("403_reply_gate", {}, "X refused the reply", "X 拒绝了这条回复"),
    ("403_engagement_gate", {}, "X refused the reply", "X 拒绝了这条回复"),
    ("403_quote_gate", {}, "X refused the quote", "X 拒绝了这条引用"),
    ("403_suspended", {}, "the account is suspended or locked", "账号被冻结或锁定"),
    ("403_daily_cap", {}, "as much as X allows in a day", "今天的发布量已到 X 的上限"),
    ("403_not_permitted", {}, "the app or the account may not post", "没有发布权限"),
    ("402", {}, "the X app has no credits left", "X 应用余额已用完"),
    ("spend_cap", {}, "spending limit is reached", "达到了花费上限"),
    ("429", {"reset_seconds": 5000}, "X’s limit for this account was used up", "限额用完了"),
    ("429_user_day", {}, "X’s limit for this account was used up", "限额用完了"),
    ("429_app_day", {}, "X’s limit for this account was used up", "限额用完了"),
    ("reject_500", {}, "X answered with a fault of its own", "X 自己出了故障"),
    ("reject_502", {}, "X answered with a fault of its own", "X 自己出了故障"),
    ("reject_503", {}, "X answered with a fault of its own", "X 自己出了故障"),
    ("reject_504", {}, "X answered with a fault of its own", "X 自己出了故障"),
    ("reject_reset", {}, "The connection broke before X answered", "连接在 X 回答前断了"),
    ("reject_hang", {"seconds": 3}, "X did not answer in time", "X 没有及时回答"),
    ("401", {"times": 2}, "X no longer accepts the account’s keys", "X 不再接受这个账号的密钥"),
]


def read(delivery: Delivery, language: str) -> str:
    """Return what the list says about a delivery."""
    found = inbox.with_story(Delivery.objects.filter(pk=delivery.pk)).get()
    with translation.override(language):
        return inbox.happened(found)


def assert_said(delivery: Delivery, english: str, chinese: str) -> None:
    assert english in read(delivery, "en")
    assert chinese in read(delivery, "zh-hans")


@pytest.mark.parametrize(("do", "more", "english", "chinese"), FAULTS)
def test_fault_of_x_is_told_in_plain_words(desk, do, more, english, chinese):
    desk.sim.fault(do, match=POSTING, **more)
    delivery = desk.due()
    desk.settle()
    delivery.refresh_from_db()
    assert delivery.state in (S.HELD, S.FAILED), delivery.state
    assert_said(delivery, english, chinese)
    assert desk.posts() == []


@pytest.mark.parametrize("garbage", ["no_id", "html", "truncated", "empty"])
def test_garbage_is_told_while_x_is_asked_and_when_it_stays_unseen(desk, garbage):
    desk.sim.fault("accept_then_garbage", match=POSTING, garbage=garbage)
    desk.sim.fault("lookup_503", times=0)
    delivery = desk.due()
    desk.send()
    assert_said(delivery, "X’s answer could not be read.", "X 的回答无法读懂")
    desk.settle()
    assert_said(delivery, "could not be asked afterwards", "问不到这条内容在不在")


def test_too_long_is_told_by_our_own_count(desk):
    lapsed = desk.connect("FerrowDE")
    lapsed.premium = True  # it is not any more, but nobody has asked X since
    lapsed.save()
    delivery = desk.due("雁" * 200, account=lapsed)
    desk.settle()
    delivery.refresh_from_db()
    assert delivery.state == S.FAILED
    assert_said(delivery, "longer than X takes without Premium", "没有 Premium 时的长度")


def test_refused_as_it_is_says_no_more(desk):
    desk.sim.fault("403_but_created", match=POSTING)
    delivery = desk.due()
    desk.send()
    assert_said(delivery, "a refusal alone is no proof", "拒绝并不能证明")


def test_limit_without_an_end_ends_as_missed_and_says_which_limit(desk):
    desk.sim.fault("429_usage_capped", match=POSTING)
    delivery = desk.due()
    desk.settle()
    assert Delivery.objects.get(pk=delivery.pk).state == S.SCHEDULED
    desk.wait(1000)
    desk.turn()
    assert Delivery.objects.get(pk=delivery.pk).state == S.MISSED
    assert_said(delivery, "X’s limit for this account was used up", "限额用完了")
    assert desk.creates() == 1


def test_unreachable_is_told(desk, monkeypatch):
    desk.due()
    desk.send()
    delivery = desk.due()
    monkeypatch.setattr(platform("x"), "_api", "http://127.0.0.1:9")
    for _ in range(16):
        desk.wait(61)
        desk.turn()
    assert_said(delivery, "X could not be reached", "连不上 X")


def test_lost_worker_is_told(desk):
    desk.sim.fault("reject_reset", match=POSTING)
    delivery = desk.due()
    desk.send()
    delivery.attempts.update(code="lost", status=None)
    assert_said(delivery, "The worker ended while it was sending", "工作进程在发送途中结束了")
    desk.settle()
    assert_said(delivery, "not shown the post in ten minutes", "十分钟内 X 没有显示")


def test_missed_frozen_held_edited_and_disconnected_are_told(desk):
    missed = desk.due()
    desk.wait(3600)
    desk.turn()
    assert_said(missed, "It missed its time by too much", "误点太久")
    held = desk.timed(desk.passed(), minutes=30)
    hold_post(held, by=desk.cast.lin, reason="Check the number", now=desk.now)
    assert_said(Delivery.objects.get(post=held), "A member held it.", "有成员暂缓了它。")
    edited = desk.due()
    Delivery.objects.filter(pk=edited.pk).update(text="Other words")
    desk.turn()
    assert_said(edited, "not what was passed", "和审核通过的不一样")
    assert noted(Delivery.objects.get(pk=edited.pk).hold_note)[1] is False
    frozen = desk.due()
    freeze(desk.account, by=desk.cast.lin, reason="Storm", now=desk.now)
    desk.turn()
    assert_said(frozen, "It came due during a freeze.", "冻结")


def test_account_without_keys_is_told(desk):
    other = desk.connect("FerrowDE")
    delivery = desk.due(account=other)
    disconnect_account(other, by=desk.cast.admin, now=desk.now)
    desk.turn()
    assert_said(delivery, "X no longer accepts the account’s keys", "X 不再接受这个账号的密钥")


def test_every_reason_and_cause_has_a_story_in_both_languages():
    for cause in Cause:
        story = STORIES[cause]
        with translation.override("en"):
            english = (str(story.happened), str(story.safe))
        with translation.override("zh-hans"):
            chinese = (str(story.happened), str(story.safe))
        assert all(english), cause
        assert not set(english) & set(chinese), cause
    for reason in HoldReason:
        held = Delivery(state=S.HELD, hold_reason=reason)
        assert cause_of(held, None, None) in STORIES
