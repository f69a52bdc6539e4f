"""Talking about a post: every member who sees it may; one's own words are one's own."""

from __future__ import annotations

from yanzhen.web.tests.policy.ways import (
    AUTHOR,
    EVERYBODY,
    WRITERS,
    Page,
    Sends,
    Way,
    about,
    no,
    row,
    says,
)


def _own(answer: int, sends: Sends) -> Way:
    return Way(AUTHOR, answer, 404, sends, refused=404)


def _thread(house):
    return (house.said.thread_id,)


PAGES: dict[str, Page] = {
    "post-discussion": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "discussion-new": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(EVERYBODY, 302, says(body="Gut."))
    ),
    "discussion-answer": Page(
        args=_thread, get=no(EVERYBODY), post=row(EVERYBODY, 302, says(body="Ja."))
    ),
    "discussion-resolve": Page(args=_thread, get=no(EVERYBODY), post=row(EVERYBODY, 302)),
    "discussion-reopen": Page(args=about("settled"), get=no(EVERYBODY), post=row(EVERYBODY, 302)),
    # The house was furnished an hour ago, which is too long to change one's words.
    "comment-change": Page(
        args=about("said"), get=no(EVERYBODY), post=_own(409, says(body="Passt das so?"))
    ),
    "comment-remove": Page(args=about("said"), get=no(EVERYBODY), post=_own(302, says())),
    "comment-restore": Page(args=about("said"), get=no(EVERYBODY), post=_own(302, says())),
    "post-here": Page(args=about("posts.draft"), get=no(EVERYBODY), post=row(EVERYBODY, 200)),
    "post-take-over": Page(args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302)),
}
