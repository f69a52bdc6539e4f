"""Looking what linked pages are called, in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from yanzhen.handoff.models import Attachment
from yanzhen.handoff.pages import Reader, Unread

#: So many pages in one turn of the loop, each a few seconds at most.
A_TURN = 3
#: After a look that told nothing, when to look again; then no more.
WAITS = (timedelta(minutes=5), timedelta(hours=1))


def look_at_links(now: datetime, *, reader: Reader | None = None) -> int:
    """Read the titles of links that are due at ``now`` (aware); return how many were looked at.

    Each is claimed first, by its number of looks, so that two workers never look at the same.
    """
    reader = reader or Reader()
    due = Attachment.objects.filter(look_at__lte=now).order_by("look_at", "pk")
    done = 0
    for link in due[:A_TURN]:
        wait = WAITS[link.looks] if link.looks < len(WAITS) else None
        mine = Attachment.objects.filter(pk=link.pk, looks=link.looks, look_at=link.look_at)
        again = now + wait if wait is not None else None
        if not mine.update(looks=F("looks") + 1, look_at=again):
            continue
        done += 1
        try:
            page = reader.read(link.url)
        except Unread as unread:
            if unread.permanent:
                Attachment.objects.filter(pk=link.pk).update(look_at=None)
            continue
        Attachment.objects.filter(pk=link.pk).update(
            page_title=page.title, page_text=page.text, look_at=None
        )
    return done
