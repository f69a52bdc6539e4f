"""The loop that mails urgent notices."""

from __future__ import annotations

from datetime import datetime

from yanzhen.jobs.registry import Loop, register
from yanzhen.notify.actions.mailing import mail_member
from yanzhen.notify.models import Notice
from yanzhen.people.models import Member

BATCH = 20


def mail_notices(now: datetime) -> int:
    """Mail what is due at ``now`` (the database's clock); return how many members were written to.

    After a mail that did not leave the rest waits for the next turn: most often it is the server
    that is away, and each try may take as long as its time-out.
    """
    due = Notice.objects.mail_due(now=now).order_by().values("member_id")
    members = Member.objects.active().filter(pk__in=due).select_related("user", "workspace")
    done = 0
    for member in members.order_by("pk")[:BATCH]:
        if not mail_member(member, now=now):
            break
        done += 1
    return done


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
