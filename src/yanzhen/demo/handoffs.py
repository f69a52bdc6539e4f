"""The handoffs of the demo brand: the last one, accepted this morning, and the next, waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.actions.deciding import accept_handover
from yanzhen.handoff.actions.filling import Point, Words, add_item, change_words, mark_done
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.models import Handover, Item, Section
from yanzhen.handoff.states import HandoverState, Light
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.models import Member, Workspace

Step = Callable[[datetime], None]
NOTES = "https://notes.example/ferrow/morning"
ANSWERED = "Answer Gear Atlas before they print"
#: What Lin writes for Lena, by section; an if-then is two texts.
FROM_SHANGHAI: Mapping[str, tuple[tuple[str, str], ...]] = {
    "actions": (
        (ANSWERED, ""),
        ("确认电池实验的数据来源", ""),
    ),
    "if_then": (("a safety word comes up again", "hold the afternoon posts and call Sam"),),
    "not_say": (("No dates for the repair kit", ""),),
    "watch": (("The thread on hot cases", ""),),
}
#: What Lena writes for Maya; what Lin wrote and nobody did comes along.
FROM_BERLIN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "actions": (("Look at the night shot before it goes out at nine", ""),),
    "watch": (("Replies in German, two are waiting", ""),),
}


@dataclass(frozen=True, slots=True)
class Shift:
    """One handover: from whom to whom, what the log says, from when to when."""

    giver: str
    taker: str
    says: Mapping[str, tuple[tuple[str, str], ...]]
    note: str
    light: Light
    due: datetime
    until: datetime


class Desk:
    """Writes logs as members do; their copies are read anew, because the lead moves."""

    def __init__(self, workspace: Workspace, members: Mapping[str, Member]) -> None:
        self.pk = workspace.pk
        self.numbers = {key: member.pk for key, member in members.items()}

    @property
    def workspace(self) -> Workspace:
        """The workspace as it is now."""
        return Workspace.objects.get(pk=self.pk)

    def who(self, key: str) -> Member:
        """Return a member as they are now."""
        return Member.objects.with_roles().get(pk=self.numbers[key])

    def write(self, shift: Shift, *, now: datetime) -> None:
        """Write a log and hand it over."""
        by, taker = self.who(shift.giver), self.who(shift.taker)
        log = open_handover(
            self.workspace, to=taker, due_at=shift.due, until_at=shift.until, by=by, now=now
        )
        words = Words(shift.light, shift.note, taker, shift.due, shift.until)
        change_words(log, words=words, seen=0, by=by)
        for slug, points in shift.says.items():
            section = Section.objects.get(workspace_id=self.pk, slug=slug)
            acts = slug == "actions"
            for text, then in points:
                by_when = shift.due + timedelta(hours=3) if acts else None
                point = Point(text, then, taker if acts else None, by_when)
                add_item(log, section, point=point, by=by)
        add_link(log, title="Notes of the meeting", url=NOTES, by=by, now=now)
        send_handover(log, by=by, now=now)


def handing_over(
    workspace: Workspace, members: Mapping[str, Member], *, now: datetime
) -> Iterator[tuple[datetime, Step]]:
    """Yield what happens and when: Lin leads, Lena takes over this morning, Maya is asked next."""
    desk = Desk(workspace, members)
    morning = now - timedelta(hours=4)
    until = now.replace(minute=30, second=0) + timedelta(hours=1)

    def begin(moment: datetime) -> None:
        lin, seen = desk.who("lin"), desk.workspace.revision
        set_lead(desk.workspace, member=lin, until=morning, seen=seen, by=lin, now=moment)

    def write_first(moment: datetime) -> None:
        note = "Aero 2 is the talk of the night. Quiet otherwise."
        shift = Shift("lin", "lena", FROM_SHANGHAI, note, Light.AMBER, morning, until)
        desk.write(shift, now=moment)

    def accept(moment: datetime) -> None:
        log = Handover.objects.get(workspace_id=desk.pk, state=HandoverState.WAITING)
        accept_handover(
            log,
            ticked=list(log.items.values_list("pk", flat=True)),
            read_back="Gear Atlas first, no dates for the kit, Sam if it gets hot.",
            seen=log.revision,
            by=desk.who("lena"),
            now=moment,
        )

    def answer(moment: datetime) -> None:
        item = Item.objects.get(handover__workspace_id=desk.pk, text=ANSWERED)
        mark_done(item, done=True, by=desk.who("lena"), now=moment)

    def write_next(moment: datetime) -> None:
        note = "Calm. The airport film is the one to watch."
        end = until + timedelta(hours=8)
        shift = Shift("lena", "maya", FROM_BERLIN, note, Light.GREEN, until, end)
        desk.write(shift, now=moment)

    yield morning - timedelta(hours=6), begin
    yield morning - timedelta(minutes=20), write_first
    yield morning, accept
    yield now - timedelta(hours=1), answer
    yield now - timedelta(minutes=10), write_next
