"""What publishing promises, which tests hold it, and the page that says so.

``python -m tools.promises`` writes docs/promises.md from the figures in docs/promises.json, which
``make prove`` measures; ``--check`` fails when the page is another one.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "promises.md"
MEMORY = ROOT / "docs" / "promises.json"
_TESTS = "src/yanzhen/publishing/tests/"
_SIMULATED = _TESTS + "simulation/"
_CHANNELS = "src/yanzhen/channels/tests/"
#: So many figures of one test stand on the page each for themselves.
MOST_FIGURES = 3


WRITTEN_BY = (
    "Written by `make prove`, which runs every proof in its release size (`make prove P=7` runs"
    " one). `make test` runs the same tests in a smaller size on every change."
)


@dataclass(frozen=True)
class Promise:
    """``tests`` are node ids without parameters; ``why_none`` says why there are none yet.

    ``processes`` is how many of pytest's workers share its release size.
    """

    number: str
    says: str
    tests: tuple[str, ...] = ()
    why_none: str = ""
    processes: int = 1


@dataclass(frozen=True)
class Measured:
    """One figure as a proof put it down. ``test`` is a node id, ``on`` the day, ISO 8601."""

    promise: str
    test: str
    figure: str
    on: str


def _in(file: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{file}::{name}" for name in names)


PROMISES: Sequence[Promise] = (
    Promise(
        "P1",
        "kill -9 at every named point: nothing doubled, nothing lost; held only where nothing can"
        " be proven",
        (
            *_in(
                _TESTS + "test_die_anywhere.py",
                "test_killed_before_the_intent_is_sent_once_by_another",
                "test_killed_between_intent_and_first_byte_is_held_not_sent",
                "test_killed_after_the_bytes_is_found_once",
                "test_killed_while_looking_is_found_once",
            ),
            *_in(
                _TESTS + "test_die_in_threads.py",
                "test_worker_killed_again_and_again_at_one_point_doubles_and_loses_nothing",
            ),
            *_in(
                _TESTS + "test_five_hundred.py",
                "test_every_post_arrives_once_in_order_whatever_is_killed",
            ),
        ),
        processes=2,
    ),
    Promise(
        "P2",
        "A worker that is paused past its lease and woken sends nothing twice",
        _in(
            _TESTS + "test_die_anywhere.py",
            "test_paused_past_its_lease_and_woken_sends_nothing_twice",
        )
        + _in(
            _TESTS + "test_many_workers.py",
            "test_worker_that_stops_for_a_while_doubles_and_loses_nothing",
        ),
    ),
    Promise(
        "P3",
        "Whatever X answers to a create: not doubled, not called refused while it is there, not"
        " called published while it is not",
        _in(
            _TESTS + "test_answers.py",
            "test_send_post_whatever_x_answers_is_neither_doubled_nor_misnamed",
        ),
        processes=3,
    ),
    Promise(
        "P4",
        "Simulated days decided by a seed break no promise, replay identically, and catch every"
        " mutant of the engine",
        _in(
            _SIMULATED + "test_simulation.py",
            "test_no_seed_breaks_a_promise",
            "test_a_seed_replays_identically",
            "test_every_mutant_is_caught",
        ),
        processes=2,
    ),
    Promise(
        "P5",
        "Eight workers and two schedulers: every post exactly once, each account's order kept",
        _in(
            _TESTS + "test_many_workers.py",
            "test_eight_workers_and_two_schedulers_send_every_post_once",
        ),
    ),
    Promise(
        "P6",
        "Media work that lasts ten leases doubles nothing",
        _in(
            _TESTS + "test_upload_media.py",
            "test_upload_lasting_ten_times_its_lease_doubles_nothing",
        ),
    ),
    Promise(
        "P7",
        "After a freeze has answered nothing begins to go out, and what is in the air is listed",
        _in(_TESTS + "test_freeze_races.py", "test_freeze_at_any_moment_lets_no_new_send_begin"),
    ),
    Promise(
        "P8",
        "Lifting a freeze takes two people and publishes nothing that came due",
        _in(
            _TESTS + "test_thaw.py",
            "test_thaw_of_500_posts_that_came_due_publishes_none",
            "test_thaw_needs_a_second_person_who_may",
        ),
    ),
    Promise(
        "P9",
        "X away for a day: what is within its grace drains in order, the rest waits for a person",
        _in(
            _TESTS + "test_outage.py",
            "test_posts_due_while_x_is_away_for_a_day_are_sent_in_time_or_left_to_a_person",
        ),
    ),
    Promise(
        "P10",
        "A change of plan that is answered with yes has stopped the post, or the answer says that"
        " it is being sent",
        _in(_TESTS + "test_freeze_races.py", "test_change_of_plan_against_a_sender_never_lies"),
    ),
    Promise(
        "P11",
        "Whatever people do in whatever order: X gets the bytes that three distinct people passed,"
        " or nothing",
        _in(
            _SIMULATED + "test_approved_bytes.py",
            "test_any_order_of_doings_sends_the_passed_bytes_or_nothing",
        ),
    ),
    Promise(
        "P12",
        "Posts due in one minute: none lost, none early, 99 of 100 within five seconds",
        _in(
            _TESTS + "test_many_workers.py",
            "test_posts_of_one_minute_leave_on_time_and_none_early",
        ),
    ),
    Promise(
        "P13",
        "Every zone, every change of clocks until 2035: wall times kept, gaps refused, folds asked",
        _in(
            "src/yanzhen/kernel/tests/test_resolve.py",
            "test_resolve_keeps_wall_times_refuses_gaps_and_asks_about_folds_everywhere",
        )
        + _in(
            "src/yanzhen/planning/tests/test_step_recurrence.py",
            "test_times_of_rise_for_ever_in_every_zone",
        ),
    ),
    Promise(
        "P14",
        "A worker whose clock is wrong, or jumps back, sends nothing early and nothing twice",
        _in(
            _TESTS + "test_wrong_clocks.py",
            "test_worker_with_a_wrong_clock_sends_nothing_early_and_nothing_twice",
            "test_worker_process_under_another_clock_sends_nothing_early",
        ),
    ),
    Promise(
        "P15",
        "Nothing embargoed can be read before its time by anyone outside the list",
        _in(
            "src/yanzhen/web/tests/test_embargo.py",
            "test_nothing_embargoed_is_readable_before_its_time_by_anyone_outside",
            "test_embargoed_number_is_answered_like_one_nobody_has",
        )
        + _in(
            _TESTS + "test_respect_embargo.py",
            "test_delivery_due_before_the_lift_is_held_and_nothing_leaves",
        ),
    ),
    Promise(
        "P16",
        "A used-up limit loses nothing, X is not asked before its reset, no other account waits",
        _in(
            _TESTS + "test_outage.py",
            "test_limit_of_one_account_loses_nothing_and_delays_no_other",
        )
        + _in(
            _TESTS + "test_guard_amounts.py",
            "test_limit_of_one_account_waits_until_its_reset_and_delays_no_other",
        ),
    ),
    Promise(
        "P17",
        "A post that is not settled two minutes after its time raises an alarm within a minute,"
        " with every worker dead",
        _in(
            _TESTS + "test_watch.py",
            "test_watch_waits_two_minutes_then_says_no_worker_answers",
            "test_raise_alarms_by_three_watchdogs_at_once_raises_one",
        ),
    ),
    Promise(
        "P18",
        "A thread of five whose worker dies at any segment: nothing doubled, nothing out of order;"
        " a freeze stops the rest",
        _in(
            _TESTS + "test_die_in_threads.py",
            "test_thread_whose_worker_dies_at_a_segment_ends_whole_and_in_order",
            "test_freeze_in_the_middle_of_a_thread_stops_the_rest",
        ),
    ),
    Promise(
        "W",
        "Only send_once writes to X, counted on the socket",
        _in(
            _TESTS + "test_only_sender.py",
            "test_write_to_x_happens_only_inside_send_once",
            "test_write_to_x_never_happens_when_send_once_does_not",
        ),
    ),
    Promise(
        "D1",
        "A restored backup sends nothing before it was compared with X and two people let it",
        _in(
            _TESTS + "test_restore.py",
            "test_restored_backup_sends_nothing_until_it_is_compared_and_two_people_thaw_it",
        ),
    ),
    Promise(
        "S1",
        "No secret stands in plain in a table, a log or a page",
        _in(
            _CHANNELS + "test_keep_secrets.py",
            "test_no_table_log_or_page_holds_a_secret_in_plain",
        ),
    ),
    Promise(
        "S2",
        "The master key is changed under traffic and nothing fails",
        _in(_CHANNELS + "test_rotate_keys.py", "test_rotation_under_traffic_fails_nothing"),
    ),
    Promise(
        "S3",
        "Fifty at once renew a token once; a death in between ends in a reconnect that says why",
        _in(
            _CHANNELS + "test_renew_tokens.py",
            "test_open_session_fifty_at_once_renew_once",
            "test_open_session_killed_after_the_answer_ends_in_reconnect_that_says_why",
            "test_disconnect_during_a_renewal_stays_disconnected",
        ),
    ),
)


def number_of(wish: str) -> str:
    """Return the promise meant by "7", "p7" or "P7". Raises KeyError."""
    wish = wish.strip().upper()
    found = f"P{wish}" if wish.isdigit() else wish
    if all(promise.number != found for promise in PROMISES):
        raise KeyError(wish)
    return found


def function_of(node: str) -> str:
    """Return a node id without its parameters."""
    return re.sub(r"\[.*\]$", "", node)


def remembered() -> list[Measured]:
    """Return the figures measured last, in the order of the page."""
    if not MEMORY.exists():
        return []
    return [Measured(**line) for line in json.loads(MEMORY.read_text(encoding="utf-8"))]


def in_order(measured: Iterable[Measured]) -> list[Measured]:
    """Return figures by promise, then by test, so that the same ones make the same page."""
    places = {promise.number: place for place, promise in enumerate(PROMISES)}
    return sorted(
        (one for one in measured if one.promise in places),
        key=lambda one: (places[one.promise], one.test, one.figure),
    )


def remember(measured: Iterable[Measured]) -> None:
    """Write the figures and the page that follows from them."""
    lines = [asdict(one) for one in in_order(measured)]
    body = json.dumps(lines, ensure_ascii=False, indent=1)
    MEMORY.write_text(body + "\n", encoding="utf-8")
    PAGE.write_text(page(remembered()), encoding="utf-8")


def page(measured: Sequence[Measured]) -> str:
    """Return docs/promises.md."""
    by_promise: defaultdict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        by_promise[one.promise].append(one)
    parts = [
        "# What publishing promises, and what holds it",
        "",
        WRITTEN_BY,
        "",
        "| | Promise | Tests | Last measured |",
        "| --- | --- | --- | --- |",
    ]
    parts += [_row(promise, by_promise[promise.number]) for promise in PROMISES]
    return "\n".join(parts) + "\n"


def _row(promise: Promise, measured: Sequence[Measured]) -> str:
    tests = "<br>".join(_short(node) for node in promise.tests) or "none"
    figures = "<br>".join(_figures(measured)) or promise.why_none or "not measured yet"
    return f"| {promise.number} | {promise.says} | {tests} | {figures} |"


def _short(node: str) -> str:
    file, _, name = node.partition("::")
    return f"[`{name}`](../{file})"


def _figures(measured: Sequence[Measured]) -> Iterable[str]:
    by_test: defaultdict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        by_test[function_of(one.test)].append(one)
    for found in by_test.values():
        if len(found) <= MOST_FIGURES:
            yield from (f"{_cell(one.figure)} ({one.on})" for one in found)
        else:
            latest = max(one.on for one in found)
            yield f"{len(found)} cases, such as: {_cell(found[0].figure)} ({latest})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def missing_tests(read: Mapping[str, str] | None = None) -> list[str]:
    """Return the node ids in the table that name no test; ``read`` maps files to their text."""
    lost = []
    for node in (node for promise in PROMISES for node in promise.tests):
        file, _, name = node.partition("::")
        path = ROOT / file
        text = (read or {}).get(file) or (path.read_text(encoding="utf-8") if path.exists() else "")
        if not re.search(rf"^def {re.escape(name)}\(", text, re.MULTILINE):
            lost.append(node)
    return lost


def main() -> int:
    """Write the page, or with ``--check`` tell whether it is the one that follows."""
    wanted = page(remembered())
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/promises.md is not what follows from its figures: run python -m tools.promises")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
