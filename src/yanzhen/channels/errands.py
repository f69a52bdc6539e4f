"""Errands: what a page wants done that only the worker may do, because it takes opened secrets.

A page asks with ``actions.asking.ask_errand`` and shows ``accounts-errand``, which waits for the
answer; the loop ``channels.errands`` takes the row within half a second, runs what is registered
here for its kind and writes the answer. A room registers its kinds once, when its app is ready::

    def _confirm(errand: Errand) -> Answer:                       # runs in the worker
        wanted = payload_of(errand)["link"]                       # running.payload_of opens it
        ...                                                       # may speak to X, take seconds
        return Answer.done(post=str(post.pk))                     # or Answer.failed("not_found")

    register_errand(
        ErrandKind(
            slug="publishing.confirm",
            run=_confirm,
            asking=_("X is asked whether it shows the post…"),
            leads_to=lambda errand: reverse("failures"),          # where a page goes on when done
            said=lambda errand: _("X shows it. It is linked."),   # the toast it finds there
            explain=_why_not,                                     # errand -> (title, steps)
            repeatable=True,                                      # may be done twice: it only reads
        )
    )

    errand = ask_errand("publishing.confirm", by=member, account=account,
                        secret={"link": link}, params={"delivery": 7}, now=now())
    return redirect("accounts-errand", key=errand.key)

Whatever runs must be safe to be cut off anywhere. When its worker dies, a ``repeatable`` errand is
taken up by another one; any other fails with the code ``worker_died`` and is never tried again.
An answer holds codes and words for people, never a secret: what was sealed for the errand is
blanked out of it, and forgotten once there is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise

if TYPE_CHECKING:
    from yanzhen.channels.models import Errand

LOOP: Final = "channels.errands"
#: Codes the mechanism itself gives; every kind's ``explain`` may meet them.
WORKER_DIED: Final = "worker_died"
BROKEN: Final = "broken"
SEALED: Final = "sealed"
ELSEWHERE: Final = "elsewhere"
NOT_ALLOWED: Final = "not_allowed"
MOVED: Final = "moved"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an errand. ``words`` are told to people; ``again_at`` asks for another try."""

    ok: bool
    code: str = "done"
    words: Mapping[str, str] = field(default_factory=dict)
    again_at: datetime | None = None

    @classmethod
    def done(cls, code: str = "done", **words: str) -> Answer:
        """It worked."""
        return cls(ok=True, code=code, words=words)

    @classmethod
    def failed(cls, code: str, **words: str) -> Answer:
        """It did not, and trying again by itself would not help."""
        return cls(ok=False, code=code, words=words)

    @classmethod
    def later(cls, at: datetime, code: str, **words: str) -> Answer:
        """Not now: try again at ``at`` (aware), as often as the kind allows; then it failed."""
        return cls(ok=False, code=code, words=words, again_at=at)


Explain = Callable[["Errand"], tuple[str, list[str]]]


@dataclass(frozen=True)
class ErrandKind:
    """How one kind of errand is run, and what its page says.

    ``run`` returns the answer, in the worker and outside any transaction. ``lease_seconds`` is how
    long it may take before another worker concludes that this one is dead, ``attempts`` how often
    ``Answer.later`` is heeded. ``back`` leads away from a failure, as does ``leads_to`` from a
    success; both return an address.
    """

    slug: str
    run: Callable[[Errand], Answer]
    asking: str | Promise
    leads_to: Callable[[Errand], str]
    explain: Explain
    said: Callable[[Errand], str] | None = None
    back: Callable[[Errand], str] | None = None
    repeatable: bool = False
    lease_seconds: float = 60
    attempts: int = 1


KINDS: dict[str, ErrandKind] = {}


def register_errand(kind: ErrandKind) -> ErrandKind:
    """Add a kind and return it. Raises ValueError when its slug is taken by another."""
    known = KINDS.get(kind.slug)
    if known is not None and known.run is not kind.run:
        raise ValueError(f"duplicate errand {kind.slug}")
    KINDS[kind.slug] = kind
    return kind
