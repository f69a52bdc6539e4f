"""The demo's guests: whom the team lets read a post by a link, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.review.actions.guests import GuestWish, invite_guest, note_reading, remark_as_guest
from yanzhen.review.models import GuestLink, Round
from yanzhen.review.states import RoundState


@dataclass(frozen=True, slots=True)
class Visit:
    """One guest of the post with that title, in review by then. Hours are before today's moment."""

    title: str
    inviter: str
    name: str
    says: str
    invited_hours: float
    read_hours: float

    def steps(
        self, post: Callable[[], Post], member: Callable[[str], Member], now: datetime
    ) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        """Yield what the inviter and the guest do, and when; ``post`` gives it as it stands."""
        made: list[int] = []

        def invite(moment: datetime) -> None:
            round_ = Round.objects.get(post=post(), state=RoundState.OPEN)
            by = member(self.inviter)
            link, _secret = invite_guest(round_, wish=GuestWish(self.name), by=by, now=moment)
            made.append(link.pk)

        def read(moment: datetime) -> None:
            link = GuestLink.objects.whole().get(pk=made[0])
            note_reading(link, now=moment)
            digest = link.round.digest
            remark_as_guest(link, seen=digest, name=self.name, body=self.says, now=moment)

        yield now - timedelta(hours=self.invited_hours), invite
        yield now - timedelta(hours=self.read_hours), read


VISITS: Sequence[Visit] = (
    Visit(
        title="Sleep on the plane: a 9‑hour playlist with Sora Lund",
        inviter="priya",
        name="Sora Lund",
        says="Lovely, and “quieter by 1 dB every ten minutes” is right. Please spell it nine hours"
        " everywhere, as on the sleeve.",
        invited_hours=5,
        read_hours=2.5,
    ),
)
