"""Promise P17: a post that nobody sends is told of within a minute, by the web process alone.

Everything is real: a worker that is killed, a web process, the clock, and a mail server.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.config.tests.running import SOURCES, free_port
from yanzhen.jobs.models import Lease
from yanzhen.kernel import clock
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.states import LetterState, Way
from yanzhen.notify.tests.post_office import post_office
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.actions.timing import time_post
from yanzhen.publishing.engine.watch import LATE_AFTER, SENDER
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.tests.crew import until
from yanzhen.review.tests.rounds import pass_all, submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROMISED = timedelta(seconds=60)


def environment(folder: Path, mail_url: str) -> dict[str, str]:
    """The environment of processes that share this test's database and sessions."""
    mine = {
        "YANZHEN_DATA": str(folder),
        "YANZHEN_SECRET_KEY": settings.SECRET_KEY,
        "YANZHEN_MAIL_URL": mail_url,
        "YANZHEN_X_API_BASE_URL": "http://127.0.0.1:9",
        "PYTHONPATH": str(SOURCES),
    }
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        url = urlsplit(settings.ENV.database_url)
        mine["YANZHEN_DATABASE_URL"] = urlunsplit(url._replace(path=f"/{name}"))
    else:
        (folder / "yanzhen.sqlite3").symlink_to(name)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YANZHEN_")}
    return kept | mine


@pytest.fixture
def office():
    with post_office() as office:
        yield office


@pytest.fixture
def start(tmp_path, office):
    """Start a program of ours; whatever still runs at the end is killed."""
    running = []
    env = environment(tmp_path, office.url)
    log = (tmp_path / "log.txt").open("w")

    def start(*command: str) -> subprocess.Popen:
        program = [sys.executable, "-m", *command]
        running.append(subprocess.Popen(program, env=env, stdout=log, stderr=subprocess.STDOUT))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait(10)
    log.close()


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health", timeout=2).status_code == 200
    except httpx2.TransportError:
        return False


def make_due(cast, *, ago: float) -> Delivery:
    """A passed post with a time; due so many seconds ago."""
    round_ = submitted(make_account(cast.workspace), cast.zhou, "Geese take turns at the lead.")
    wall = (clock.now() + timedelta(hours=1)).astimezone(UTC).replace(tzinfo=None)
    time_post(round_.post, by=cast.zhou, wall=wall, zone="UTC", now=NOW)
    pass_all(round_, cast.lin, cast.lena)
    at = clock.database_now() - timedelta(seconds=ago)
    Delivery.objects.update(due_at=at)
    return Delivery.objects.get()


def test_post_that_nobody_sends_is_told_by_the_web_alone(start, office):
    cast = make_cast()
    worker = start("yanzhen", "work")
    answered = Lease.objects.filter(ok_at__isnull=False)
    held = answered.filter(name="publishing.watch", until_at__isnull=False)
    until(lambda: held.exists() and answered.filter(name=SENDER).exists(), seconds=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    url = f"http://127.0.0.1:{(port := free_port())}"
    start("uvicorn", "yanzhen.config.asgi:application", "--port", str(port))
    until(lambda: answers(url), seconds=60)

    delivery = make_due(cast, ago=85)
    alarms = events().objects.filter(kind="publishing.stuck")
    assert not alarms.exists()
    until(alarms.exists, seconds=125)

    alarm = alarms.get()
    assert LATE_AFTER <= alarm.at - delivery.due_at <= LATE_AFTER + PROMISED
    assert alarm.data["why"] == "no_worker"
    told = {cast.zhou, cast.lin, cast.lena}
    until(lambda: len(office.mails) == len(told), seconds=30)
    assert {mail["To"] for mail in office.mails} == {member.user.email for member in told}
    assert {notice.member for notice in Notice.objects.all()} == told
    mails = Letter.objects.filter(way=Way.MAIL)
    until(lambda: mails.exists() and not mails.exclude(state=LetterState.SENT).exists())

    client = Client()
    client.force_login(cast.maya.user)
    key = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    page = httpx2.get(f"{url}/posts/", cookies=key, timeout=20).text
    assert re.search(
        r'role="alert">.*1 post is late: no worker has answered since', page, re.DOTALL
    )
    assert alarms.count() == 1
