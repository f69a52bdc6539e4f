"""``yanzhen up``: web and worker together on one machine, in one foreground process group."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from yanzhen.config.children import Child, Supervisor


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
        if options["demo"] and "YANZHEN_X_API_BASE_URL" not in os.environ:
            self._again_with_fake_x(port)
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

    def _again_with_fake_x(self, port: int) -> None:
        """Start the fake X, then this command again with its address; ends this process.

        Settings are read once at start, so the address has to be there before.
        """
        sim_port = self._fake_x_port()
        sim = f"http://127.0.0.1:{sim_port}"
        environment = {
            **os.environ,
            "YANZHEN_DATA": str(settings.DATA),
            "YANZHEN_X_API_BASE_URL": sim,
            "YANZHEN_X_AUTH_BASE_URL": sim,
            "YANZHEN_X_WEB_BASE_URL": sim,
            "YANZHEN_BASE_URL": os.environ.get("YANZHEN_BASE_URL", f"http://localhost:{port}"),
        }
        data = settings.DATA / "fake-x.sqlite3"
        command = [sys.executable, "-m", "xsim", "--host", "127.0.0.1", "--port", str(sim_port)]
        children = [
            Child("fake X", [*command, "--data", str(data)], environment),
            Child("yanzhen", [sys.executable, "-m", "yanzhen", *sys.argv[1:]], environment),
        ]
        supervisor = Supervisor(children, say=self.stdout.write)
        supervisor.start()
        try:
            code = supervisor.wait()
        finally:
            supervisor.stop()
        sys.exit(code)

    @staticmethod
    def _fake_x_port() -> int:
        """Return the port the fake X had last time, so that links to its posts stay good."""
        kept = settings.DATA / "fake-x.port"
        if kept.exists():
            port = int(kept.read_text(encoding="ascii"))
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", port))
                    return port
        port = free_port()
        kept.write_text(str(port), encoding="ascii")
        return port

    def _prepare(self, *, demo: bool) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if demo:
            call_command("demo", verbosity=0)

    def _children(self, host: str, port: int) -> list[Child]:
        web = [sys.executable, "-m", "uvicorn", "yanzhen.config.asgi:application"]
        web += ["--host", host, "--port", str(port), "--log-level", "warning"]
        # Open streams would otherwise hold the stop back for ever.
        web += ["--timeout-graceful-shutdown", "3", "--no-server-header"]
        return [
            Child("web", web, dict(os.environ)),
            Child("worker", [sys.executable, "-m", "yanzhen", "work"], dict(os.environ)),
        ]

    def _greet(self, port: int, *, demo: bool) -> None:
        self.stdout.write(f"\n  Yanzhen 雁阵 is open at http://localhost:{port}\n")
        if demo:
            call_command("demo", "--sign-ins")
            self.stdout.write(f"  Fake X: {settings.ENV.x_web_base_url}\n")
        self.stdout.write("  Stop with Ctrl-C.\n")
        self.stdout.flush()
