"""One outlet of the demo brand, switched off: a demo speaks to nobody but its fake X."""

from __future__ import annotations

from datetime import datetime

from yanzhen.notify.actions.outlets import add_outlet, change_outlet
from yanzhen.notify.states import Level, OutletKind
from yanzhen.people.models import Member

SCREEN = "Screen in the Berlin studio"
ADDRESS = "https://screen.ferrow.example/news"


def hang_screen(by: Member, *, now: datetime) -> None:
    """Add the webhook of a screen that shows what is urgent, and switch it off."""
    outlet, _secret = add_outlet(
        by,
        kind=OutletKind.WEBHOOK,
        name=SCREEN,
        address=ADDRESS,
        language="en",
        level=Level.URGENT,
        topics=[],
        now=now,
    )
    change_outlet(
        outlet,
        by=by,
        seen=outlet.revision,
        name=SCREEN,
        language="en",
        level=Level.URGENT,
        topics=[],
        active=False,
        now=now,
    )
