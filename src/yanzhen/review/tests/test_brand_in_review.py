"""The brand framework at the door of review, and on the reviewer's desk."""

import pytest
from django.urls import reverse

from yanzhen.activity.refs import Ref
from yanzhen.brand.actions.overriding import override_rule
from yanzhen.brand.findings import Manuscript
from yanzhen.brand.queries import live_rulebook
from yanzhen.brand.rules import Severity
from yanzhen.brand.tests.frame import publish, rule
from yanzhen.people.tests.cast import NOW
from yanzhen.review.actions.rounds import NotFit, submit_post
from yanzhen.review.tests.rounds import all_ticked, make_post, waiting_step

TEXT = "A unique seat. Utilize it."


def test_an_error_bars_the_way_until_it_is_let_stand_and_reviewers_see_why(cast, account, client):
    publish(
        cast.lena,
        rule("never", "Show it", "unique"),
        rule("never", "Plainly", "utilize", severity=Severity.WARNING, replacement="use"),
    )
    # An empty segment is left out of what is sent, and of what an override is for.
    post = make_post(account, cast.zhou, TEXT, "")
    with pytest.raises(NotFit, match="unique"):
        submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    override_rule(
        live_rulebook(cast.workspace.pk).rules[0],
        subject=Ref("planning.post", str(post.pk), "A post"),
        digest=Manuscript([TEXT, ""]).digest(post.ref),
        reason="The lawyer agreed.",
        by=cast.lin,
        now=NOW,
    )
    round_ = submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    client.force_login(cast.lin.user)
    page = client.get(reverse("review-step", args=[waiting_step(round_).pk]))
    text = page.content.decode()
    assert "Lin let it stand: The lawyer agreed." in text
    assert "Write instead: Use" in text
    assert "data-fix" not in text
