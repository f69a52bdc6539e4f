from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xsim.tests import plain

THREADS = 16


def test_sixteen_threads_lose_and_double_nothing(sim, client_of):
    sim.set_limits(enabled=False)
    names = ["Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare"]
    clients = [client_of(names[n % 4]) for n in range(THREADS)]

    def work(number):
        ids = []
        for turn in range(25):
            answer = clients[number].post("/2/tweets", json={"text": f"{number}/{turn}"})
            assert answer.status_code == 201
            ids.append(answer.json()["data"]["id"])
        return ids

    with ThreadPoolExecutor(THREADS) as pool:
        answered = [post_id for ids in pool.map(work, range(THREADS)) for post_id in ids]
    stored = [one["id"] for one in sim.posts()]
    assert len(answered) == len(set(answered)) == THREADS * 25
    assert sorted(answered) == sorted(stored)
    assert [int(one) for one in stored] == sorted(int(one) for one in stored)
    assert sim.journal()["counts"] == {"POST /2/tweets": THREADS * 25}


def test_limit_lets_exactly_its_number_through(sim, client_of):
    sim.set_limits(routes={"POST /2/tweets": {"user": 30}})
    clients = [client_of("Ferrow") for _ in range(THREADS)]

    def work(number):
        return [
            clients[number].post("/2/tweets", json={"text": f"{number}/{turn}"}).status_code
            for turn in range(5)
        ]

    with ThreadPoolExecutor(THREADS) as pool:
        seen = [status for statuses in pool.map(work, range(THREADS)) for status in statuses]
    assert (seen.count(201), seen.count(429)) == (30, THREADS * 5 - 30)
    assert len(sim.posts()) == 30


def test_same_text_at_once_is_created_once(sim, client_of):
    clients = [client_of("Ferrow") for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        seen = list(
            pool.map(lambda one: one.post("/2/tweets", json={"text": "Same"}).status_code, clients)
        )
    assert (seen.count(201), seen.count(403)) == (1, THREADS - 1)


def test_refresh_token_at_once_is_spent_once(sim, app, url):
    token = sim.oauth2_token(app, "Ferrow")["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}

    def work(_):
        auth = (app.client_id, app.client_secret)
        return plain.post(f"{url}/2/oauth2/token", data=form, auth=auth).status_code

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(work, range(8)))
    assert (seen.count(200), seen.count(400)) == (1, 7)


def test_create_is_quick(ferrow, sim):
    sim.set_limits(enabled=False)
    took = []
    for number in range(60):
        started = time.perf_counter()
        assert ferrow.post("/2/tweets", json={"text": f"{number} 雁阵"}).status_code == 201
        took.append(time.perf_counter() - started)
    # Typically 2 ms; the bound leaves room for a busy machine, not for a delayed acknowledgement.
    assert sorted(took)[30] < 0.03


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_program_prints_its_address_and_stops_on_a_signal(tmp_path, number):
    source = str(Path(__file__).parents[2])
    program = subprocess.Popen(
        [sys.executable, "-m", "xsim", "--data", str(tmp_path / "x.sqlite3"), "--seed", "5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    line = program.stdout.readline()
    assert line.startswith("xsim listening on http://127.0.0.1:")
    url = line.split()[-1]
    with plain.Client(base_url=url) as client:
        keys = client.post("/_sim/apps", json={"tokens_for": ["Ferrow"]}).json()
        client.post("/_sim/faults", json={"do": "accept_then_hang"})
        access = keys["tokens"]["Ferrow"]["oauth2"]["access_token"]
        client.headers["Authorization"] = f"Bearer {access}"
        with ThreadPoolExecutor(1) as pool:
            hanging = pool.submit(client.post, "/2/tweets", json={"text": "hangs"}, timeout=10)
            while not plain.get(f"{url}/_sim/posts").json()["total"]:
                time.sleep(0.02)
            started = time.monotonic()
            program.send_signal(number)
            out, err = program.communicate(timeout=5)
            assert time.monotonic() - started < 2
            assert hanging.exception(timeout=5) is not None
    assert (program.returncode, out, err) == (0, "", "")


def test_program_says_why_it_cannot_start(url, tmp_path):
    source = str(Path(__file__).parents[2])
    port = url.rsplit(":", 1)[1]
    for arguments in (["--port", port], ["--data", str(tmp_path / "no" / "where")]):
        done = subprocess.run(
            [sys.executable, "-m", "xsim", *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env={**os.environ, "PYTHONPATH": source},
        )
        assert done.returncode == 1
        assert done.stderr.startswith("xsim cannot ")
        assert done.stderr.count("\n") == 1
