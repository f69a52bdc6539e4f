"""D1, small: a backup is restored and booted by a real worker. It sends nothing until two people
who saw the list let it, and then each post goes out once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tools import figures
from tools.postgres import Runner, find_binaries
from yanzhen.publishing.actions.settling import remember, settle_in
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import until

SOURCES = os.pathsep.join(sys.path)
TWO_PEOPLE = """
import django; django.setup()
from yanzhen.kernel import clock
from yanzhen.people.models import Member
from yanzhen.publishing.actions.thawing import ask_thaw, confirm_thaw, hand_down
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.publishing.models import Gate

now = clock.database_now()
lin, lena = (Member.objects.with_roles().get(user__name=name) for name in ("Lin", "Lena"))
gate = Gate.objects.get(key=f"workspace:{lin.workspace_id}")
due = [one.delivery.pk for one in waiting_behind(gate, now=now) if one.came_due]
wish = ask_thaw(gate, by=lin, reason="Compared", plan=dict.fromkeys(due, "hold"), now=now)
seen = signature(waiting_behind(gate, now=now), wish.plan)
confirm_thaw(wish, by=lena, seen=seen, now=now)
"""


class Copy:
    """A restored copy: its data folder, its environment, and its rows."""

    def __init__(self, folder, url: str, sim_url: str) -> None:
        self.folder = folder
        self.url = url
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("YANZHEN_")}
        self.environment |= {
            "YANZHEN_DATA": str(folder),
            "YANZHEN_X_API_BASE_URL": sim_url,
            "YANZHEN_X_AUTH_BASE_URL": sim_url,
            "YANZHEN_X_WEB_BASE_URL": sim_url,
            "DJANGO_SETTINGS_MODULE": "yanzhen.config.settings",
            "PYTHONPATH": SOURCES,
        }
        if url:
            self.environment["YANZHEN_DATABASE_URL"] = url

    def rows(self, question: str, *values: object) -> list[tuple]:
        """Ask the copy's database; its own connection, as an operator's."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as line:
                cursor = line.execute(question.replace("?", "%s"), values)
                return cursor.fetchall() if cursor.description else []
        with sqlite3.connect(self.folder / "yanzhen.sqlite3", timeout=20) as line:
            return line.execute(question, values).fetchall()

    def states(self) -> dict[int, str]:
        return dict(self.rows("SELECT id, state FROM publishing_delivery ORDER BY id"))

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    @contextmanager
    def worker(self):
        """A real worker, as an operator starts it; gives the path of its log."""
        log = self.folder.parent / "worker.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "yanzhen", "work"],
                env=self.environment,
                stdout=out,
                stderr=out,
            )
            try:
                yield log
            finally:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(30)
                process.kill()


def back_up(folder):
    """Make a backup as the README says; return what restores it into a new database."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        with sqlite3.connect(name) as line:
            line.execute("VACUUM INTO ?", (str(folder / "backup.sqlite3"),))
        return lambda home: shutil.copy(folder / "backup.sqlite3", home / "yanzhen.sqlite3")
    binaries, runner = find_binaries(Runner.for_us()), Runner.for_us()
    dumped = runner.run(binaries / "pg_dump", "--format=plain", "--no-owner", server_url())
    assert dumped.returncode == 0, dumped.stderr

    def restore(home):
        with psycopg.connect(server_url("postgres"), autocommit=True) as line:
            line.execute("DROP DATABASE IF EXISTS restored")
            line.execute("CREATE DATABASE restored")
        # psql's own commands, so by psql.
        done = subprocess.run(
            [*runner.prefix, binaries / "psql", "--quiet", "-v", "ON_ERROR_STOP=1",
             server_url("restored")],
            input=dumped.stdout, text=True, capture_output=True, check=False, cwd="/",
            user=runner.user, group=runner.user,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return server_url("restored")

    return restore


def server_url(database: str = "") -> str:
    told = connection.settings_dict
    name = quote(database or str(told["NAME"]))
    return f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}/{name}"


@pytest.mark.slow
def test_restored_backup_sends_nothing_until_it_is_compared_and_two_people_thaw_it(
    field, settings, tmp_path, request
):
    """D1. The clock of the copy is moved by writing its rows; nothing else is touched."""
    settings.DATA = tmp_path / "live" / "data"
    settings.DATA.mkdir(parents=True)
    shutil.copytree(tmp_path / "keys", settings.DATA / "keys")
    assert settle_in(now=field.now) is None
    before = [field.due() for _ in range(2)]
    worker = field.crew.fork()
    until(lambda: Delivery.objects.filter(state=S.PUBLISHED).count() == 2)
    gone = [field.due(), field.due("Part one.", "Part two.")]
    Delivery.objects.filter(state=S.SCHEDULED).update(due_at=field.now + timedelta(hours=1))
    hurried = Delivery.objects.get(post=field.timed(field.passed(), minutes=600))
    late = Delivery.objects.get(post=field.timed(field.passed(), minutes=601))
    later = Delivery.objects.get(post=field.timed(field.passed(), minutes=602))
    remember(now=field.now)
    restore = back_up(tmp_path)

    # Life goes on: these are out before the backup is restored.
    on_time = Delivery.objects.filter(post__in=[d.post_id for d in gone] + [hurried.post_id])
    on_time.update(due_at=field.now)
    until(lambda: Delivery.objects.filter(state=S.PUBLISHED).count() == 6)
    field.crew.kill(worker)
    out = {post["id"] for post in field.posts()}
    assert len(out) == 6
    sent = field.creates()

    home = tmp_path / "restored" / "data"
    home.mkdir(parents=True)
    shutil.copytree(settings.DATA / "keys", home / "keys")
    url = restore(home)
    copy = Copy(home, url if connection.vendor == "postgresql" else "", field.sim.url)
    # What was still to come at the backup is due by now, and within the grace.
    copy.rows(
        "UPDATE publishing_delivery SET due_at = ? WHERE state = 'scheduled' AND id <> ?",
        str(field.now - timedelta(minutes=1)), later.pk,
    )  # fmt: skip
    with copy.worker() as log:
        until(lambda: "restored or copied" in log.read_text(), seconds=60)
        until(lambda: list(copy.states().values()).count("published") == 6, seconds=60)
        assert copy.states()[late.pk] in ("scheduled", "held")
        assert field.creates() == sent
        (frozen,) = copy.rows("SELECT cause, reconciled_at FROM publishing_gate WHERE frozen")
        assert frozen == ("restored", None)
        # Ten minutes later X surely shows all; the second look settles it.
        copy.rows(
            "UPDATE publishing_gate SET changed_at = ? WHERE frozen",
            str(field.now - timedelta(minutes=11)),
        )
        question = "SELECT count(*) FROM publishing_gate WHERE reconciled_at IS NOT NULL"
        until(lambda: copy.rows(question) == [(1,)], seconds=60)
        said = copy.run(
            sys.executable, "-m", "yanzhen", "unfreeze", "--everything", "--reason", "Compared"
        )
        assert "Nothing has opened" in said
        teams = "SELECT count(*) FROM publishing_gate WHERE frozen AND reconciled_at IS NOT NULL"
        until(lambda: copy.rows(teams) == [(2,)], seconds=60)
        until(lambda: copy.states()[late.pk] == "held", seconds=60)
        assert field.creates() == sent
        copy.run(sys.executable, "-c", TWO_PEOPLE)
        copy.rows(
            "UPDATE publishing_delivery SET due_at = ? WHERE id = ?",
            str(field.now + timedelta(seconds=1)), later.pk,
        )  # fmt: skip
        until(lambda: copy.states()[later.pk] == "published", seconds=60)
    assert copy.states()[late.pk] == "held"
    assert field.creates() == sent + 1
    texts = [post["text"] for post in field.posts()]
    assert len(texts) == len(set(texts)) == 7
    assert {d.pk for d in before} <= {pk for pk, s in copy.states().items() if s == "published"}
    figures.note(
        "D1",
        request.node.nodeid,
        f"0 of 5 posts sent by the restored copy before two people thawed it; 4 that were out"
        f" were linked, 1 went out once afterwards, 1 waits for a person ({connection.vendor})",
    )
