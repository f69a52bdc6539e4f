"""Named points at which a proof may end or pause this process. They do nothing anywhere else."""

from __future__ import annotations

import os
import signal

from django.conf import settings

#: Every point, in the order one publish passes them. What must follow a death there:
#: before or at ``prepared``: sent once, later; ``intended`` and ``connected``: held, not sent; from
#: ``written`` on: found on X, once. ``uploaded`` is passed by media only, and never matters.
POINTS = (
    "uploading",
    "uploaded",
    "claiming",
    "claimed",
    "prepared",
    "intending",
    "intended",
    "connected",
    "written",
    "answered",
    "concluding",
    "concluded",
    "looked",
    "reconciled",
)
_SIGNALS = {"": signal.SIGKILL, "kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def crash_point(name: str) -> None:
    """End (or pause) this process here when ``YANZHEN_CRASH_AT`` says ``name`` or ``name:stop``.

    Only in practice mode: with the real X the setting is not even read.
    """
    if not settings.ENV.practice:
        return
    point, _, how = settings.ENV.crash_at.partition(":")
    if point == name:
        os.kill(os.getpid(), _SIGNALS[how])
