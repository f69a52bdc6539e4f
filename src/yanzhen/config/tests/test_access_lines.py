"""What the server writes down of an address that lets in whoever has it."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECRET = "s3cr3t-canary-of-an-address"
#: As `yanzhen up` and the README start the site: the server sets up its log first, then ours.
SERVER = """
import logging, sys, uvicorn

uvicorn.Config("yanzhen.config.asgi:application").load()
line = ("192.0.2.7:1", "GET", sys.argv[1], "1.1", 200)
logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', *line)
"""


@pytest.mark.parametrize(
    "address",
    [
        f"/guest/{SECRET}/",
        f"/guest/{SECRET}/decide/",
        f"/calendar/feed/{SECRET}.ics",
        f"/join/{SECRET}/",
    ],
)
def test_access_line_keeps_the_secret_out(address):
    told = subprocess.run(
        [sys.executable, "-c", SERVER, address],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    written = told.stdout + told.stderr
    assert address.split("/")[1] in written
    assert SECRET not in written
