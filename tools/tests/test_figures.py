"""Figures reach the file that the environment names, and nothing without it."""

import json

import pytest

from tools import figures


@pytest.fixture(autouse=True)
def _unset(monkeypatch):
    for name in (figures.ASKED, figures.INSIDE):
        monkeypatch.delenv(name, raising=False)


def test_note_adds_one_line_for_each_figure(tmp_path, monkeypatch):
    file = tmp_path / "figures.jsonl"
    monkeypatch.setenv(figures.ASKED, str(file))
    figures.note("P7", "test_freeze.py::test_race", "0 of 1,000 trials leaked")
    figures.note("P8", "test_freeze.py::test_thaw", "0 of 500 published")
    first, second = map(json.loads, file.read_text().splitlines())
    assert first.pop("at").endswith("+00:00")
    assert first == {
        "promise": "P7",
        "test": "test_freeze.py::test_race",
        "figure": "0 of 1,000 trials leaked",
    }
    assert second["promise"] == "P8"


def test_keep_names_the_file_for_a_run_whose_settings_know_nothing_of_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(figures.ASKED, "figures.jsonl")
    # So that what keep() sets is taken back.
    monkeypatch.setenv(figures.INSIDE, "")
    figures.keep()
    monkeypatch.delenv(figures.ASKED)
    figures.note("P7", "t", "0 of 60")
    assert (tmp_path / "figures.jsonl").exists()


def test_note_without_a_file_only_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    figures.note("P7", "t", "0 of 60")
    assert capsys.readouterr().out == "P7: 0 of 60\n"
    assert list(tmp_path.iterdir()) == []
