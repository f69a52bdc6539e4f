"""X's own conformance cases, read where they lie; they are never part of this project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
PROJECT = HERE.parents[3]
CASES = PROJECT.parent / "shared" / "data" / "twitter-text"

COUNTED = (
    "WeightedTweetsCounterTest",
    "WeightedTweetsWithDiscountedEmojiCounterTest",
    "UnicodeDirectionalMarkerCounterTest",
)
LINKED = ("urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params")


def golden() -> list[dict[str, Any]]:
    """Return our own cases: {name, text, limit, weight, valid, cut_at in code points}."""
    return json.loads((HERE / "golden_weights.json").read_text(encoding="utf-8"))


def counted() -> list[dict[str, Any]]:
    """Return X's counting cases: {description, text, expected: {weightedLength, valid, ...}}.

    X's suite holds some texts twice: as counted before and since joined emoji count as one. Only
    the newer answer is kept.
    """
    by_text: dict[str, dict[str, Any]] = {}
    for name in COUNTED:
        for case in _read("validate.yml")[name]:
            by_text[case["text"]] = case
    return list(by_text.values())


def linked() -> list[dict[str, Any]]:
    """Return X's link cases: {description, text, expected: links in order}."""
    tests = _read("extract.yml")
    return [case for name in LINKED for case in tests[name]]


def _read(name: str) -> dict[str, Any]:
    path = CASES / name
    if not path.is_file():
        pytest.skip(f"X's conformance cases are not at {CASES}; clone twitter-text's there")
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
