"""``yanzhen up``: web and worker together on one machine, in one foreground process group."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from yanzhen.channels.opening import opener, worker_folder
from yanzhen.config import env
from yanzhen.config.children import Child, Supervisor
from yanzhen.kernel.clock import database_now
from yanzhen.publishing.actions.settling import CannotMark, settle_in

MAY_OPEN = f"{env.PREFIX}MAY_OPEN"


class Command(BaseCommand):
    """Start everything, stop everything."""

    help = "Run the site and the worker together. With --demo also a fake X and the demo brand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and the demo switch."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--demo", action="store_true", help="fake X, and the demo brand")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the database, start the children, wait for a signal or for one to die."""
        host, port = options["host"], options["port"]
        self._refuse_taken(host, port)
        self._prepare(demo=options["demo"])
        supervisor = Supervisor(self._children(host, port), say=self.stdout.write)
        supervisor.start()
        try:
            supervisor.wait_until_open(host, port, timeout_seconds=30)
            self._greet(port, demo=options["demo"])
            code = supervisor.wait()
        finally:
            supervisor.stop()
        if code:
            raise CommandError(f"a part stopped with code {code}; see above")

    @staticmethod
    def _refuse_taken(host: str, port: int) -> None:
        """Say at once that somebody else listens there, before anything is started."""
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is not free ({error.strerror}). Set PORT to another one."
                ) from None

    def _prepare(self, *, demo: bool) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        # Before the site starts, which may seal with the public half and never sees the other.
        opener()
        self._settle_in()
        if demo:
            call_command("demo", verbosity=0)

    def _settle_in(self) -> None:
        """Say it here if this is a copy; the demo, which sends posts, must not come first."""
        try:
            why = settle_in(now=database_now())
        except CannotMark as error:
            raise CommandError(str(error)) from None
        if why is not None:
            self.stderr.write(
                f"Publishing is frozen: this database looks restored or copied ({why.value})."
                " The page Freeze shows what is compared with X and how to lift it."
            )

    def _children(self, host: str, port: int) -> list[Child]:
        web = [sys.executable, "-m", "uvicorn", "yanzhen.config.asgi:application"]
        web += ["--host", host, "--port", str(port), "--log-level", "warning"]
        # Open streams would otherwise hold the stop back for ever.
        web += ["--timeout-graceful-shutdown", "3", "--no-server-header"]
        return [
            Child("web", web, {**os.environ, MAY_OPEN: "no"}, hidden=worker_folder()),
            Child("worker", [sys.executable, "-m", "yanzhen", "work"], dict(os.environ)),
        ]

    def _greet(self, port: int, *, demo: bool) -> None:
        self.stdout.write(f"\n  Yanzhen 雁阵 is open at http://localhost:{port}\n")
        if demo:
            call_command("demo", "--sign-ins")
            self.stdout.write(f"  Fake X: {settings.ENV.x_web_base_url}\n")
        self.stdout.write("  Stop with Ctrl-C.\n")
        self.stdout.flush()
