"""The loops that send what is owed, end quiet hours for whoever comes on duty, and tidy up."""

from __future__ import annotations

from datetime import datetime, timedelta

from yanzhen.channels.closing import is_closed
from yanzhen.jobs.registry import Loop, register
from yanzhen.notify.actions.mailing import mail_member
from yanzhen.notify.actions.owing import release_held
from yanzhen.notify.actions.pushing import ensure_key
from yanzhen.notify.models import Knock, Letter
from yanzhen.notify.posting import forget_letters, post_letters
from yanzhen.notify.states import Way
from yanzhen.people.models import Member

BATCH = 20
#: Slack sends a press again within minutes; its signature is good for five.
KNOCK_KEPT = timedelta(days=1)


def mail_notices(now: datetime) -> int:
    """Mail what is due at ``now`` (the database's clock); return how many members were written to.

    After a mail that did not leave the rest waits for the next turn: most often it is the server
    that is away, and each try may take as long as its time-out.
    """
    due = Letter.objects.due(Way.MAIL, now=now).order_by().values("member_id")
    members = Member.objects.active().filter(pk__in=due).select_related("user", "workspace")
    done = 0
    for member in members.order_by("pk")[:BATCH]:
        if not mail_member(member, now=now):
            break
        done += 1
    return done


def keep_letters(now: datetime) -> int:
    """Let go what waits for somebody who is on duty by now, and forget what is long settled."""
    freed = release_held(now=now)
    if not is_closed():
        # Made ahead, so that pages have it to give to browsers.
        ensure_key(now=now)
    Knock.objects.filter(at__lt=now - KNOCK_KEPT).delete()
    return freed + forget_letters(now)


# In the web processes too: "no worker runs" must reach people when no worker runs.
register(
    Loop(
        "notify.mail",
        mail_notices,
        every_seconds=2,
        budget_seconds=60,
        lease_seconds=30,
        in_web=True,
    )
)
# In every worker: each letter is claimed, and a slow place must not hold up all of them.
register(Loop("notify.post", post_letters, every_seconds=0.5, alone=False, budget_seconds=60))
register(Loop("notify.keep", keep_letters, every_seconds=30))
