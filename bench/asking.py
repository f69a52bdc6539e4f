"""What the measurements of pages share: a fresh site, a member's browser, and a line of figures."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from yanzhen.people.models import Member

#: A name, an address, what is asked for there, and headers more than usual.
Screen = tuple[str, str, Mapping[str, str], Mapping[str, str]]


@contextmanager
def fresh_site() -> Iterator[str]:
    """Set up Django on an empty database of its own; gives the database's kind."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["YANZHEN_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
        import django  # noqa: PLC0415 -- settings first

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- settings first
        from django.db import connection  # noqa: PLC0415 -- settings first

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield connection.vendor
        connection.close()


def browser_of(member: Member) -> Client:
    """Return a client that is signed in."""
    from django.test import Client  # noqa: PLC0415 -- settings first

    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def measure(client: Client, screens: Sequence[Screen], *, requests: int) -> None:
    """Ask for each screen so many times, after once for nothing, and print how long it takes."""
    for name, url, asked, headers in screens:

        def ask(url: str = url, asked: object = asked, headers: object = headers) -> int:
            answer = client.get(url, asked, headers=headers)
            if answer.status_code != 200:  # noqa: PLR2004 -- the page
                raise SystemExit(f"{url} answered {answer.status_code}")
            return len(answer.content)

        size = ask()
        spans = [_span(ask) for _each in range(requests)]
        p50, p95 = statistics.median(spans), statistics.quantiles(spans, n=20)[-1]
        sys.stdout.write(f"{name:22} p50 {p50:4.0f} ms, p95 {p95:4.0f} ms, {size // 1024} KB\n")


def _span(ask: Callable[[], int]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000
