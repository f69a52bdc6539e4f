"""The browser's counter, run in Node on the same cases as the server's."""

import json
import random
import shutil
import subprocess

import pytest

from yanzhen.kernel.tests.conformance import PROJECT, counted, golden, linked
from yanzhen.kernel.text import weigh

_ASKS = """
import { readFileSync } from "node:fs";
import { weigh } from "./weigh.js";
const cases = JSON.parse(readFileSync(0, "utf8"));
const answers = cases.map(({ text, limit }) => {
  const { weight, valid, remaining, cutAt } = weigh(text, limit);
  return { weight, valid, remaining, cut_at: [...text.slice(0, cutAt)].length };
});
process.stdout.write(JSON.stringify(answers));
"""
_PIECES = [
    *["a", "Z", "1", ".", " ", "\n", "\r\n", "/", "?", "#", "@", "-", "(", ")", "é", "e\u0301"],
    *[
        "ferrow.com",
        "co.uk",
        "http://",
        "https://t.co/a",
        "例え",
        "国",
        "。",
        "雁" * 30,
        "한국",
        ".公司",
    ],
    *["😀", "👍🏽", "👨‍👩‍👧", "❤️‍🔥", "🇨🇳", "1️⃣", "☎", "☎️", "𠮷", "ſ", "İ", "\u202e", "\ufe0f"],
]


@pytest.fixture(scope="module")
def browser_weigh(tmp_path_factory):
    """Answer a list of {text, limit} as weigh.js would, through the real bundle."""
    node = shutil.which("node") or shutil.which(str(PROJECT / ".venv" / "bin" / "node"))
    esbuild = PROJECT / "node_modules" / ".bin" / "esbuild"
    if node is None or not esbuild.exists():
        pytest.skip("the browser's counter needs Node and node_modules: run `make setup`")
    bundle = tmp_path_factory.mktemp("bundle") / "weigh.mjs"
    scripts = PROJECT / "src" / "yanzhen" / "web" / "assets" / "js"
    subprocess.run(
        [esbuild, "--bundle", "--format=esm", "--platform=node", f"--outfile={bundle}"],
        input=_ASKS.encode(),
        cwd=scripts,
        check=True,
        capture_output=True,
    )

    def ask(cases):
        done = subprocess.run(
            [node, bundle], input=json.dumps(cases).encode(), check=True, capture_output=True
        )
        return json.loads(done.stdout)

    return ask


def _as_server(case):
    counted_as = weigh(case["text"], case["limit"])
    return {
        "weight": counted_as.weight,
        "valid": counted_as.valid,
        "remaining": counted_as.remaining,
        "cut_at": counted_as.cut_at,
    }


def _disagreements(browser_weigh, cases):
    return [
        (case["text"], browser, server)
        for case, browser in zip(cases, browser_weigh(cases), strict=True)
        if browser != (server := _as_server(case))
    ]


def test_browser_agrees_with_the_golden_file(browser_weigh):
    cases = golden()
    for case, answer in zip(cases, browser_weigh(cases), strict=True):
        expected = {key: case[key] for key in ("weight", "valid", "cut_at")}
        assert {key: answer[key] for key in expected} == expected, case["name"]


def test_browser_agrees_with_the_server_on_every_case_of_x(browser_weigh):
    cases = [{"text": case["text"], "limit": 280} for case in [*counted(), *linked()]]
    assert len(cases) >= 130
    assert _disagreements(browser_weigh, cases) == []


def test_browser_agrees_with_the_server_on_what_people_paste_together(browser_weigh):
    dice = random.Random(7)
    cases = [
        {
            "text": "".join(dice.choice(_PIECES) for _ in range(dice.randint(1, 30))),
            "limit": dice.choice([30, 280]),
        }
        for _ in range(1500)
    ]
    assert _disagreements(browser_weigh, cases) == []
