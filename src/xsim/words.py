"""The few words of the pages, in English and Simplified Chinese."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "lang": "en",
    "banner": "Fake X",
    "banner_note": "A stand-in for demos and tests. Nothing here leaves this machine.",
    "accounts": "Accounts",
    "all_accounts": "All accounts",
    "no_posts": "Nothing posted yet.",
    "no_posts_note": "A post shows up here the moment it is published.",
    "posts": "{n} posts",
    "posts_one": "{n} post",
    "followers": "{n} followers",
    "replying": "Replying to",
    "quoting": "Quoting",
    "replies": "replies",
    "reposts": "reposts",
    "likes": "likes",
    "views": "views",
    "replies_one": "reply",
    "reposts_one": "repost",
    "likes_one": "like",
    "views_one": "view",
    "now": "now",
    "seconds": "{n} s",
    "minutes": "{n} min",
    "hours": "{n} h",
    "premium": "Premium",
    "business": "Business",
    "long_post": "Long post",
    "poll_votes": "0 votes",
    "missing": "There is no such page",
    "missing_note": "The account or post does not exist here, or it was deleted.",
    "consent_title": "{app} wants to use an account",
    "consent_choose": "Sign in as",
    "consent_scopes": "It asks to",
    "consent_approve": "Authorize app",
    "consent_deny": "Cancel",
    "consent_bad": "This request cannot be authorized",
    "consent_pin": "Enter this number in the app",
    "consent_denied": "The app was not authorized.",
    "scope_read": "read posts and profiles",
    "scope_write": "post and delete posts",
    "scope_media": "upload media",
    "scope_moderate": "hide replies",
    "scope_dm": "read and send messages",
    "scope_offline": "stay connected",
}
CHINESE: Mapping[str, str] = {
    "lang": "zh-Hans",
    "banner": "模拟 X",
    "banner_note": "演示与测试用的替身，内容不会离开这台机器。",
    "accounts": "账号",
    "all_accounts": "全部账号",
    "no_posts": "还没有内容。",
    "no_posts_note": "一经发布，立刻出现在这里。",
    "posts": "{n} 条",
    "posts_one": "{n} 条",
    "followers": "{n} 位关注者",
    "replying": "回复",
    "quoting": "引用",
    "replies": "回复",
    "reposts": "转发",
    "likes": "喜欢",
    "views": "浏览",
    "replies_one": "回复",
    "reposts_one": "转发",
    "likes_one": "喜欢",
    "views_one": "浏览",
    "now": "刚刚",
    "seconds": "{n} 秒",
    "minutes": "{n} 分钟",
    "hours": "{n} 小时",
    "premium": "Premium",
    "business": "企业",
    "long_post": "长文",
    "poll_votes": "0 票",
    "missing": "没有这个页面",
    "missing_note": "这里没有这个账号或内容，或者已被删除。",
    "consent_title": "{app} 想使用一个账号",
    "consent_choose": "登录为",
    "consent_scopes": "它申请",
    "consent_approve": "授权应用",
    "consent_deny": "取消",
    "consent_bad": "无法授权这个请求",
    "consent_pin": "在应用中输入这个数字",
    "consent_denied": "未授权给该应用。",
    "scope_read": "读取内容和资料",
    "scope_write": "发布和删除内容",
    "scope_media": "上传媒体",
    "scope_moderate": "隐藏回复",
    "scope_dm": "收发私信",
    "scope_offline": "保持连接",
}


def choose(accept_language: str) -> Mapping[str, str]:
    """Choose the words for an Accept-Language header; English unless Chinese is preferred."""
    best, best_weight = "en", 0.0
    for part in accept_language.split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.partition("=")[2]) if rest else 1.0
        except ValueError:
            continue
        language = tag.strip().lower().split("-")[0]
        if language in ("en", "zh") and weight > best_weight:
            best, best_weight = language, weight
    return CHINESE if best == "zh" else ENGLISH
