"""Practice mode on one machine: a fake X first, then Yanzhen told where to find it.

Settings are read once at start, so the fake X's address has to be in the environment before Django
is loaded; nothing here may import it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path

from yanzhen.config import env
from yanzhen.config.children import Child, Supervisor

API = f"{env.PREFIX}X_API_BASE_URL"


def wanted(arguments: list[str]) -> bool:
    """Tell whether this is ``yanzhen up --demo`` without an X of the caller's own."""
    return arguments[1:2] == ["up"] and "--demo" in arguments and API not in os.environ


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fake_x_port(data: Path) -> int:
    """Return the port the fake X had last time, so that links to its posts stay good."""
    kept = data / "fake-x.port"
    if kept.exists():
        port = int(kept.read_text(encoding="ascii"))
        if _is_free(port):
            return port
    port = _any_free_port()
    kept.write_text(str(port), encoding="ascii")
    return port


def run(arguments: list[str]) -> int:
    """Start the fake X and this command again beside it; return the exit code.

    Raises BadSetting.
    """
    data = env.read().data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    port = fake_x_port(data)
    address = f"http://127.0.0.1:{port}"
    site_port = os.environ.get("PORT") or "8000"
    environment = {
        "YANZHEN_BASE_URL": f"http://localhost:{site_port}",
        **os.environ,
        API: address,
        f"{env.PREFIX}X_AUTH_BASE_URL": address,
        f"{env.PREFIX}X_WEB_BASE_URL": address,
    }
    fake_x = [sys.executable, "-m", "xsim", "--host", "127.0.0.1", "--port", str(port)]
    fake_x += ["--data", str(data / "fake-x.sqlite3")]
    supervisor = Supervisor(
        [
            Child("fake X", fake_x, environment),
            Child("yanzhen", [sys.executable, "-m", "yanzhen", *arguments[1:]], environment),
        ],
        say=print,
    )
    supervisor.start()
    try:
        return supervisor.wait()
    finally:
        supervisor.stop()
