"""``yanzhen draw-docs``: write the pages of docs/ that follow from the code, or check that they do.

Drawn are the state machines (docs/states), the duties of the roles a workspace starts with, in
both languages (docs/duties.md), and the settings (docs/settings.md).
"""

from __future__ import annotations

import inspect
import re
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import TextChoices
from django.utils import translation

from yanzhen.channels.states import ACCOUNT, ERRAND, AccountState, ErrandState
from yanzhen.config import env
from yanzhen.discussion.states import DISCUSSION, ThreadState
from yanzhen.duty.states import SWAP, SwapState
from yanzhen.handoff.states import HANDOVER, HandoverState
from yanzhen.ideas.states import IDEA, IdeaState
from yanzhen.kernel.machine import Machine
from yanzhen.people.rights import DUTIES
from yanzhen.people.roles import SEEDS
from yanzhen.planning.states import POST, SLOT, PostState, SlotState
from yanzhen.publishing.states import DELIVERY, DeliveryState
from yanzhen.review.states import FAST, ROUND, STEP, FastOutcome, RoundState, StepState
from yanzhen.tasks.states import TASK, TaskState

MACHINES: Mapping[str, tuple[Machine, type[TextChoices]]] = {
    "account": (ACCOUNT, AccountState),
    "delivery": (DELIVERY, DeliveryState),
    "errand": (ERRAND, ErrandState),
    "post": (POST, PostState),
    "round": (ROUND, RoundState),
    "step": (STEP, StepState),
    "fast-run": (FAST, FastOutcome),
    "task": (TASK, TaskState),
    "slot": (SLOT, SlotState),
    "idea": (IDEA, IdeaState),
    "discussion": (DISCUSSION, ThreadState),
    "swap": (SWAP, SwapState),
    "handover": (HANDOVER, HandoverState),
}
_COMMENT = re.compile(r"^ +#: ?(.*)$")


@dataclass(frozen=True)
class Frame:
    """What surrounds the duties in one language."""

    title: str
    about: str
    may: str
    eyes: str
    decision: str
    duty: str
    roles: str
    between: str


FRAMES: Mapping[str, Frame] = {
    "en": Frame(
        title="Duties",
        about="The roles every new workspace starts with. A workspace may change titles, missions"
        " and decisions of its own roles; which decisions exist is code"
        " (src/yanzhen/people/rights.py).",
        may="Decisions",
        eyes="Four-eyes: nobody decides this about a text they wrote or saved.",
        decision="Decision",
        duty="Duty",
        roles="Roles that start with it",
        between=", ",
    ),
    "zh-hans": Frame(
        title="职责",
        about="每个新工作区一开始就有的角色。工作区可以改动自己角色的名称、使命和决策权限；"
        "有哪些决策权限由代码规定（src/yanzhen/people/rights.py）。",
        may="决策权限",
        eyes="四眼原则：写过或保存过这段文字的人，不能对它作此决定。",
        decision="决策权限",
        duty="职责",
        roles="一开始拥有它的角色",
        between="、",
    ),
}


def draw_machine(name: str) -> str:
    """Return one machine as a Mermaid state diagram, states and moves in the order of the code."""
    machine, choices = MACHINES[name]
    lines = [
        f"%% The {name}, drawn by `make docs` from its states.py. Do not edit.",
        "stateDiagram-v2",
    ]
    with translation.override("en"):
        lines += [f"    {state.value}: {state.label}" for state in choices]
    lines.append(f"    [*] --> {machine.initial!s}")
    moves: dict[tuple[str, str], list[str]] = {}
    for move_name, move in machine.moves.items():
        for source in choices:
            if source in move.sources:
                moves.setdefault((source.value, str(move.target)), []).append(move_name)
    for (source_name, target), names in moves.items():
        lines.append(f"    {source_name} --> {target}: {', '.join(names)}")
    lines += [f"    {state.value} --> [*]" for state in choices if state in machine.terminal]
    return "\n".join(lines) + "\n"


def draw_duties() -> str:
    """Return the page of roles and decisions, English first, then Simplified Chinese."""
    lines = ["<!-- Drawn by `make docs` from roles.py and rights.py in people. Do not edit. -->"]
    for language, frame in FRAMES.items():
        with translation.override(language):
            lines += ["", *_duties_in(frame)]
    return "\n".join(lines) + "\n"


def _duties_in(frame: Frame) -> Iterator[str]:
    yield from (f"# {frame.title}", "", frame.about, "")
    for seed in SEEDS.values():
        yield from (f"## {seed.title}", "", str(seed.mission), "")
        yield from (f"- {duty.sentence}" for d, duty in DUTIES.items() if d in seed.decisions)
        yield ""
    yield from (f"## {frame.may}", "")
    yield f"| {frame.decision} | {frame.duty} | {frame.roles} |"
    yield "| --- | --- | --- |"
    for decision, duty in DUTIES.items():
        holders = [str(seed.title) for seed in SEEDS.values() if decision in seed.decisions]
        mark = " \\*" if duty.four_eyes else ""
        yield f"| `{decision.value}` | {duty.sentence}{mark} | {frame.between.join(holders)} |"
    yield from ("", f"\\* {frame.eyes}")


def draw_settings() -> str:
    """Return the table of all settings, with the comments that stand above them in env.py."""
    said = comments_of(inspect.getsource(env.Env))
    lines = [
        "<!-- Drawn by `make docs` from src/yanzhen/config/env.py. Do not edit. -->",
        "",
        "# Settings",
        "",
        "Yanzhen reads these environment variables once, at start. Each may also be given as",
        "`NAME_FILE`: the path of a file whose content is the value. An unknown `YANZHEN_*`",
        "variable, or a value of the wrong kind, stops the start with a sentence that says which.",
        "",
        "| Variable | Default | What it is |",
        "| --- | --- | --- |",
    ]
    for field in fields(env.Env):
        meaning = said[field.name].replace("|", "\\|")
        lines.append(f"| `{env.PREFIX}{field.name.upper()}` | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def comments_of(source: str) -> dict[str, str]:
    """Return each field's ``#:`` comment on one line. Raises CommandError for a field without."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in source.splitlines():
        comment = _COMMENT.match(line)
        if comment:
            above.append(comment.group(1).strip())
            continue
        name = line.strip().partition(":")[0]
        if above and name.isidentifier():
            found[name] = " ".join(above)
        above = []
    missing = {field.name for field in fields(env.Env)} - found.keys()
    if missing:
        raise CommandError(f"No #: comment above {', '.join(sorted(missing))} in env.py.")
    return found


def _default(field: Field[Any]) -> str:
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return f"`{field.default}`" if str(field.default) else "empty"


def drawn() -> dict[str, str]:
    """Return everything that is drawn: path inside docs/ and its text."""
    pages = {f"states/{name}.mmd": draw_machine(name) for name in MACHINES}
    return {**pages, "duties.md": draw_duties(), "settings.md": draw_settings()}


def stale(folder: Path) -> list[str]:
    """Return the pages under ``folder`` that no longer say what the code says, missing ones too."""
    pages = drawn()
    wrong = [
        name
        for name, text in pages.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
    there = {path.relative_to(folder).as_posix() for path in folder.glob("states/*.mmd")}
    return sorted([*wrong, *(there - pages.keys())])


def write(folder: Path) -> list[str]:
    """Write what is stale under ``folder``, remove machines that are gone, return the names."""
    pages, changed = drawn(), stale(folder)
    for name in changed:
        path = folder / name
        if name in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


class Command(BaseCommand):
    """Draw the docs, or check them."""

    help = "Write docs/states, docs/duties.md and docs/settings.md from the code. For a checkout."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the check switch and another folder."""
        parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
        parser.add_argument("--folder", type=Path, default=settings.PACKAGE.parents[1] / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and name what changed; with --check raise CommandError for what is stale."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not here; this command is for a checkout.")
        if options["check"]:
            wrong = stale(folder)
            if wrong:
                raise CommandError(f"Stale: {', '.join(wrong)}. Run `make docs`.")
            return
        for name in write(folder):
            self.stdout.write(name)
