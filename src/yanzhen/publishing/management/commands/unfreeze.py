"""``yanzhen unfreeze``: ask for a freeze to be lifted, or confirm what a member asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yanzhen.channels.models import Account
from yanzhen.kernel import clock
from yanzhen.kernel.text import TextRefused
from yanzhen.people.models import Workspace
from yanzhen.planning.models import Campaign, Post
from yanzhen.publishing import shell_targets
from yanzhen.publishing.actions import thawing
from yanzhen.publishing.actions.freezing import gate_for, installation_gate
from yanzhen.publishing.engine.waiting import DROP, HOLD, signature, waiting_behind
from yanzhen.publishing.freezes import open_wish, trouble_words
from yanzhen.publishing.models import Gate, Thaw

ABOUT = (
    "Lift a freeze together with a member. Without --confirm this asks for it, and a member"
    " confirms on the page Freeze; or it shows what a member asked. With --confirm CODE, which that"
    " list ends with, it confirms. What came due meanwhile never goes out by itself."
)


class Command(BaseCommand):
    """File a wish, show a member's, or confirm it."""

    help = ABOUT

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to open, why, and the code of the list that was seen."""
        shell_targets.add_arguments(parser)
        parser.add_argument("--reason", default="", help="why it is over; everybody sees it")
        parser.add_argument("--confirm", metavar="CODE", help="confirm what a member asked")
        parser.add_argument(
            "--withdraw", action="store_true", help="take back what was asked from here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the part of the two that is this side's."""
        target = shell_targets.find(options)
        name = str(target or "everything")
        now = clock.database_now()
        gate = installation_gate() if target is None else gate_for(target)
        try:
            if not gate.frozen:
                raise thawing.NotFrozen  # noqa: TRY301 -- said in one place
            if target is None and Workspace.objects.count() > 1:
                self._hand_down(options["reason"], now=now)
                return
            self._take_part(gate, target, options, now=now)
        except thawing.NotFrozen:
            raise CommandError(f"Not frozen: {name}.") from None
        except thawing.NotCompared as no:
            lines = [f"  {one.account}: {trouble_words(one)}" for one in no.missing]
            raise CommandError("\n".join(["Not compared with X yet:", *lines])) from None
        except thawing.Refused as no:
            raise CommandError(f"{_WHY[type(no)]} Nothing has opened.") from None
        except TextRefused as refused:
            raise CommandError(str(refused)) from None

    def _take_part(
        self,
        gate: Gate,
        target: Workspace | Account | Campaign | None,
        options: dict[str, Any],
        *,
        now: datetime,
    ) -> None:
        wish = open_wish(gate)
        if options["withdraw"]:
            if wish is None:
                raise thawing.NoSuchWish
            thawing.withdraw_thaw(wish, by=None, now=now)
            self.stdout.write("Taken back. The freeze stays.")
        elif options["confirm"]:
            if wish is None:
                raise thawing.NoSuchWish
            done = thawing.confirm_thaw(wish, by=None, seen=options["confirm"], now=now)
            self.stdout.write(
                f"Lifted: {target or 'everything'}. Of what came due {done.dropped} were dropped,"
                f" {done.moved} got a new time, {done.left} wait for a person."
            )
        elif wish is None:
            self._ask(gate, options["reason"], now=now)
        else:
            self._show(gate, wish, now=now)

    def _ask(self, gate: Gate, reason: str, *, now: datetime) -> None:
        if not reason.strip():
            raise CommandError("Say why it is over: --reason.")
        wish = thawing.ask_thaw(gate, by=None, reason=reason, plan={}, now=now)
        self._list(gate, wish, now=now)
        self.stdout.write(
            "Asked. A member who may lift freezes confirms it on the page Freeze; then what came"
            " due stays missed, and the rest goes out at its time."
        )

    def _show(self, gate: Gate, wish: Thaw, *, now: datetime) -> None:
        self.stdout.write(f"{wish.asked_by or 'The command line'} asked: {wish.reason}")
        code = self._list(gate, wish, now=now)
        if wish.by_shell:
            self.stdout.write("A member confirms it on the page Freeze.")
        else:
            self.stdout.write(f"To lift it, run this again with: --confirm {code}")

    def _list(self, gate: Gate, wish: Thaw, *, now: datetime) -> str:
        """Print everything that waits, and return the signature of the list."""
        listed = waiting_behind(gate, now=now)
        if not listed:
            self.stdout.write("Nothing waits behind it.")
        for one in listed:
            delivery = one.delivery
            fate = "goes out at its time"
            if one.came_due:
                choice = wish.plan.get(str(delivery.pk), HOLD)
                fate = {DROP: "is dropped", HOLD: "stays missed"}.get(
                    choice, f"moves to {choice[:16].replace('T', ' ')} UTC"
                )
            self.stdout.write(
                f"  {delivery.due_at:%Y-%m-%d %H:%M} UTC {delivery.account}"
                f" {_named(delivery.post)}{f' and {one.behind} more' if one.behind else ''}: {fate}"
            )
        return signature(listed, wish.plan)

    def _hand_down(self, reason: str, *, now: datetime) -> None:
        """Leave it to each team: nobody may see the posts of all of them."""
        teams = thawing.hand_down(reason=reason, now=now)
        names = ", ".join(team.slug for team in teams)
        self.stdout.write(
            f"The freeze is now one of each workspace: {names}. Nothing has opened; each team lifts"
            " its own on the page Freeze, or you with one of its members: --workspace SLUG."
        )


def _named(post: Post) -> str:
    """Name a post; a terminal is on no embargo's list."""
    return "an embargoed post" if post.standing_embargo else f"“{post}”"


_WHY: dict[type[Exception], str] = {
    thawing.AlreadyAsked: "It was asked already.",
    thawing.NoSuchWish: "No such wish is open.",
    thawing.SamePerson: "It was asked from here, so a member must confirm it.",
    thawing.ListChanged: "That is not the list as it is now; run it without --confirm to see it.",
    thawing.TimePassed: "A new time on the list has passed meanwhile; it must be asked anew.",
    thawing.CannotCarryOut: "One of the choices cannot be carried out; it must be asked anew.",
}
