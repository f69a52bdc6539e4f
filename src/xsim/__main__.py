"""Start the fake server: ``python -m xsim --port 8400 --data timeline.sqlite3``."""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
from types import FrameType

from xsim.server import Server


def _stop_quietly(number: int, frame: FrameType | None) -> None:
    """Take the signal that uvicorn raises again after it has stopped, so that a wished-for stop
    ends with 0.
    """
    del number, frame


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, serve until SIGTERM or SIGINT; gives the exit code."""
    parser = argparse.ArgumentParser(prog="xsim", description="A fake X API for demos and tests.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 picks a free one")
    parser.add_argument("--data", help="SQLite file that keeps the state; in memory when left out")
    parser.add_argument(
        "--seed", type=int, default=1, help="what keys, ids and numbers are drawn from"
    )
    parser.add_argument(
        "--no-limits", action="store_true", help="count rate limits but never refuse for them"
    )
    options = parser.parse_args(arguments)
    try:
        server = Server(host=options.host, port=options.port, seed=options.seed, data=options.data)
    except OSError as error:
        sys.stderr.write(f"xsim cannot listen on {options.host}:{options.port}: {error.strerror}\n")
        return 1
    except sqlite3.Error as error:
        sys.stderr.write(f"xsim cannot keep its state in {options.data}: {error}\n")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop_quietly)
    if options.no_limits:
        server.sim.set_limits(enabled=False)
    sys.stdout.write(f"xsim listening on {server.url}\n")
    sys.stdout.flush()
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
