"""A long post made a thread, and a thread one post: in Python, in the browser's script, by form."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from django.urls import reverse

from yanzhen.kernel.tests.conformance import PROJECT
from yanzhen.kernel.text import weigh
from yanzhen.planning.models import Draft
from yanzhen.planning.spreading import is_long, joined, spread
from yanzhen.planning.tests.plan import make_post

ENGLISH = "Geese take turns at the lead. Version 3.5 is on ferrow.com/a?b=1 today! " * 12
CHINESE = "雁阵轮流领头，谁也不会一直顶风。“今天轮到谁？”她问……大家都笑了！" * 12
MIXED = "第一段。\n\nSecond paragraph, which is short.\n\n" + CHINESE + "\n\n" + ENGLISH
SOLID = "雁" * 500 + "🪿" * 200
LINKS = " ".join(f"https://ferrow.com/{'x' * 60}/{n}" for n in range(30))
TEXTS = [ENGLISH, CHINESE, MIXED, SOLID, LINKS, "short", "", "A. " * 300, "“好。”" * 100]

_ASKS = """
import { readFileSync } from "node:fs";
import { seams, spread } from "./spread.js";
const cut = (text) => {
  const posts = spread(text, 280);
  const between = posts.length ? ["", ...seams(text, posts)] : [];
  return { posts, whole: posts.map((post, at) => between[at] + post).join("") };
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(cut)));
"""


def bare(text):
    return "".join(text.split())


@pytest.mark.parametrize("text", TEXTS)
def test_spread_fits_everywhere_and_loses_nothing(text):
    posts = spread(text, most=100)
    assert all(weigh(post).valid for post in posts)
    assert bare("".join(posts)) == bare(text)
    assert bare(joined(posts)) == bare(text)


def test_spread_stops_at_paragraphs_and_ends_of_sentences_of_both_scripts():
    assert all(post.endswith(("。", "！", "”", "……")) for post in spread(CHINESE, most=100))
    assert all(post.endswith((".", "!")) for post in spread(ENGLISH, most=100))
    first = "一" * 80 + "。"
    assert spread(f"{first}\n\n{CHINESE}", most=100)[0] == first


def test_spread_stops_at_the_most_posts_with_the_rest_in_the_last():
    posts = spread(SOLID, most=3)
    assert len(posts) == 3
    assert "".join(posts) == SOLID
    assert is_long(posts[-1])


def test_browser_cuts_as_the_server_does_and_puts_together_what_it_cut(tmp_path):
    node = shutil.which("node") or shutil.which(str(PROJECT / ".venv" / "bin" / "node"))
    esbuild = PROJECT / "node_modules" / ".bin" / "esbuild"
    if node is None or not esbuild.exists():
        pytest.skip("the browser's cutting needs Node and node_modules: run `make setup`")
    bundle = tmp_path / "spread.mjs"
    subprocess.run(
        [esbuild, "--bundle", "--format=esm", "--platform=node", f"--outfile={bundle}"],
        input=_ASKS.encode(),
        cwd=PROJECT / "src" / "yanzhen" / "web" / "assets" / "js",
        check=True,
        capture_output=True,
    )
    asked = json.dumps(TEXTS).encode()
    done = subprocess.run([node, bundle], input=asked, check=True, capture_output=True)
    cut = json.loads(done.stdout)
    assert [each["posts"] for each in cut] == [spread(text, most=100) for text in TEXTS]
    assert [each["whole"] for each in cut] == [text.strip() for text in TEXTS]


def send(client, post, wish, *texts, **more):
    sent = {"text": texts, "revision": "1", "do": wish, "parts": "1", **more}
    return client.post(reverse("post-draft", args=[post.pk]), sent)


def test_plain_form_makes_a_thread_and_one_post_again(enter, cast, account):
    post = make_post(account, cast.zhou, "x")
    client = enter(cast.zhou)
    send(client, post, "thread", CHINESE)
    thread = Draft.objects.get(post=post)
    assert thread.texts == spread(CHINESE, most=26)
    page = client.get(reverse("post", args=[post.pk])).content.decode()
    assert "Join into one post" in page
    send(client, post, "join", *thread.texts, revision=str(thread.revision))
    assert Draft.objects.get(post=post).texts == [joined(thread.texts)]


def test_plain_form_joins_only_what_can_hang_on_one_post(enter, cast, account):
    post = make_post(account, cast.zhou, "x")
    client = enter(cast.zhou)
    polls = {f"poll-{n}": "1" for n in (1, 2)} | {f"option-{n}": ["A", "B"] for n in (1, 2)}
    polls |= {f"hours-{n}": "5" for n in (1, 2)}
    answer = send(client, post, "join", "One", "Two", **polls)
    assert answer.status_code == 422
    assert "Take them off all but one" in answer.content.decode()
    one = {name: value for name, value in polls.items() if name.endswith("2")}
    send(client, post, "join", "One", "Two", **one)
    draft = Draft.objects.get(post=post)
    assert draft.texts == ["One\n\nTwo"]
    assert draft.extras[0]["poll"]["options"] == ["A", "B"]


def test_plain_form_makes_no_thread_longer_than_may_go_out(enter, cast, account):
    post = make_post(account, cast.zhou, "x")
    answer = send(enter(cast.zhou), post, "thread", "雁" * 4000)
    assert answer.status_code == 422
    assert "A thread has 25 posts at most" in answer.content.decode()
    assert Draft.objects.get(post=post).texts == ["x"]
