"""Drawing the pages of docs/ that follow from the code."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from yanzhen.config.management.commands import draw_docs
from yanzhen.config.management.commands.draw_docs import MACHINES, comments_of, drawn, stale, write
from yanzhen.kernel.machine import Machine, Move
from yanzhen.people.rights import DUTIES
from yanzhen.publishing.states import DELIVERY, DeliveryState
from yanzhen.review.states import RoundState

DOCS = Path(__file__).resolve().parents[4] / "docs"


def run(*options):
    out = StringIO()
    call_command("draw_docs", *options, stdout=out)
    return out.getvalue().split()


@pytest.fixture
def folder(tmp_path):
    write(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_machine_and_its_words_name_the_same_states(name):
    machine, choices = MACHINES[name]
    assert machine.states == set(choices.values)


def test_draw_machine_shows_every_move_from_every_source():
    lines = draw_docs.draw_machine("delivery").splitlines()
    arrows = [line.split() for line in lines if "-->" in line and "[*]" not in line]
    shown = {
        (source, move.strip(","), target.strip(":"))
        for source, _arrow, target, *moves in arrows
        for move in moves
    }
    assert shown == {
        (source, name, str(move.target))
        for name, move in DELIVERY.moves.items()
        for source in move.sources
    }
    assert "    [*] --> scheduled" in lines
    assert "    ambiguous: Checking with X" in lines
    assert [line for line in lines if line.endswith("--> [*]")] == [
        f"    {state.value} --> [*]" for state in (DeliveryState.PUBLISHED, DeliveryState.CANCELLED)
    ]


def test_draw_machine_joins_moves_between_the_same_two_states(monkeypatch):
    to_passed = Move(frozenset({"open"}), "passed")
    machine = Machine("open", frozenset({"passed"}), {"pass": to_passed, "waive": to_passed})
    monkeypatch.setitem(draw_docs.MACHINES, "round", (machine, RoundState))
    assert "    open --> passed: pass, waive" in draw_docs.draw_machine("round")


def test_draw_duties_says_every_duty_in_both_languages():
    english, chinese = draw_docs.draw_duties().split("# 职责\n", 1)
    for decision in DUTIES:
        assert english.count(f"| `{decision.value}` |") == 1
        assert chinese.count(f"| `{decision.value}` |") == 1
    assert "## Team lead\n" in english
    assert "- Stop everything from going out.\n" in english
    assert "## 团队负责人\n" in chinese
    assert "Stop everything" not in chinese


def test_draw_settings_has_a_line_for_each_setting_with_its_comment():
    page = draw_docs.draw_settings()
    assert "| `YANZHEN_LOG_LEVEL` | `info` | debug, info, warning or error. |" in page
    assert "| `YANZHEN_DEBUG` | no | " in page
    assert "| `YANZHEN_DATABASE_URL` | empty | " in page


def test_comments_of_joins_lines_and_refuses_a_field_without():
    source = "".join(
        f"    #: About\n    #: {field}.\n    {field}: str = ''\n"
        for field in draw_docs.env.Env.__dataclass_fields__
    )
    assert comments_of(source)["hosts"] == "About hosts."
    with pytest.raises(CommandError, match=r"above hosts in env\.py"):
        comments_of(source.replace("    #: About\n    #: hosts.\n", ""))


def test_write_makes_everything_and_nothing_the_second_time(tmp_path):
    assert write(tmp_path) == sorted(drawn())
    assert write(tmp_path) == []
    assert stale(tmp_path) == []


@pytest.mark.parametrize("change", ["edit", "remove", "add"])
def test_check_fails_and_names_what_is_stale(folder, change):
    page = folder / "states" / ("gone.mmd" if change == "add" else "post.mmd")
    page.unlink() if change == "remove" else page.write_text("by hand", encoding="utf-8")
    with pytest.raises(CommandError, match=rf"Stale: states/{page.name}\. Run `make docs`\."):
        run("--check", "--folder", folder)
    assert run("--folder", folder) == [f"states/{page.name}"]
    assert run("--check", "--folder", folder) == []


def test_draw_docs_refuses_to_write_beside_an_installed_package(tmp_path):
    with pytest.raises(CommandError, match="for a checkout"):
        run("--folder", tmp_path / "docs")


def test_docs_say_what_the_code_says():
    assert stale(DOCS) == []
