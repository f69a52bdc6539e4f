"""The table of promises names tests that exist, and its page follows from its figures."""

from __future__ import annotations

import pytest

from tools import promises, prove
from tools.promises import PROMISES, Measured


def test_every_promise_names_existing_tests_or_says_why_none():
    assert promises.missing_tests() == []
    assert all(promise.tests or promise.why_none for promise in PROMISES)


def test_promises_are_numbered_without_gaps():
    numbers = [p.number for p in PROMISES if p.number.startswith("P")]
    assert numbers == [f"P{n}" for n in range(1, 19)]


def test_page_follows_from_the_figures():
    assert promises.PAGE.read_text(encoding="utf-8") == promises.page(promises.remembered())


def test_page_is_the_same_whatever_order_the_figures_came_in():
    one = Measured("P7", "a.py::test_a[1]", "0 of 5 | leaked", "2026-11-25")
    two = Measured("P1", "a.py::test_b", "0 lost", "2026-11-25")
    there = promises.page(promises.in_order([one, two]))
    assert there == promises.page(promises.in_order([two, one]))
    assert "0 of 5 \\| leaked (2026-11-25)" in there


def test_page_counts_the_cases_of_a_test_that_has_many():
    many = [Measured("P3", f"a.py::test_a[{n}]", f"case {n}", "2026-11-25") for n in range(9)]
    assert "9 cases, such as: case 0 (2026-11-25)" in promises.page(many)


@pytest.mark.parametrize("wish", ["7", "p7", "P7"])
def test_number_of_reads_what_people_type(wish):
    assert promises.number_of(wish) == "P7"


def test_prove_of_an_unknown_promise_says_which_there_are(capsys):
    assert prove.main(["P99"]) == 2
    assert "Known ones: P1, P2" in capsys.readouterr().out


def test_prove_keeps_what_a_test_put_down_and_counts_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(promises, "MEMORY", tmp_path / "promises.json")
    monkeypatch.setattr(promises, "PAGE", tmp_path / "promises.md")
    file = tmp_path / "test_small.py"
    file.write_text(
        "from tools.figures import note\n"
        "def test_told(request):\n"
        "    note('P7', request.node.nodeid, '0 of 3')\n"
        "def test_quiet():\n"
        "    pass\n",
        encoding="utf-8",
    )
    small = promises.Promise("P7", "x", (f"{file}::test_told", f"{file}::test_quiet"))
    measured = prove.prove(small, ["-c", "/dev/null", "-p", "tools.pytest_databases"])
    assert [one.figure for one in measured] == ["0 of 3", "1 of 1 cases pass"]
    promises.remember(measured)
    assert "0 of 3" in promises.PAGE.read_text(encoding="utf-8")
