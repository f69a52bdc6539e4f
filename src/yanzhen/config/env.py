"""Every environment variable Yanzhen reads, typed and explained; the only reader of os.environ.

A variable ``YANZHEN_NAME`` may also be given as ``YANZHEN_NAME_FILE``, a path whose content is
the value (Docker and systemd secrets). An unknown ``YANZHEN_*`` variable or a value of the wrong
kind stops the start with a sentence that says what to change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "YANZHEN_"
LOG_LEVELS = ("debug", "info", "warning", "error")
ADDRESSINGS = ("", "path", "virtual")


class BadSetting(Exception):
    """A setting is unknown or cannot be read; the message says which and what to do."""


@dataclass(frozen=True)
class Env:
    """The settings of one installation, read once at start."""

    #: Folder for the database, media, keys and logs.
    data: Path = Path("data")
    #: Where the database is: empty for SQLite in the data folder, or postgres://user:pass@host/db.
    database_url: str = ""
    #: Signs sessions. Empty means: kept in the data folder, made at first start.
    secret_key: str = ""
    #: Bucket of Amazon S3, or of a server that speaks its protocol, that media lie in. Empty: the
    #: folder media in the data folder.
    s3_bucket: str = ""
    #: Address of that server, e.g. https://s3.example.com. Empty: Amazon's.
    s3_endpoint: str = ""
    #: Region of the bucket, where the server wants one.
    s3_region: str = ""
    #: Key that may read, write and delete in the bucket, and nothing else. Empty: found in the ways
    #: of Amazon's own tools, such as the role of the machine.
    s3_key_id: str = ""
    #: Its secret; best given as a file.
    s3_key_secret: str = ""
    #: How the bucket is named in addresses: path or virtual (as part of the host name). Empty: path
    #: at a server of your own.
    s3_addressing: str = ""
    #: Host names this site answers to, comma separated; the one in the address people type too.
    hosts: str = "localhost,127.0.0.1,[::1]"
    #: The address people type, for links and the X callback, e.g. https://desk.example.com.
    base_url: str = "http://localhost:8000"
    #: Development help: template errors in full. Never on a server others can reach.
    debug: bool = False
    #: X's API. Any other host than api.x.com switches practice mode on.
    x_api_base_url: str = "https://api.x.com"
    #: Where members are sent to connect an X account.
    x_auth_base_url: str = "https://x.com"
    #: Where links to published posts lead.
    x_web_base_url: str = "https://x.com"
    #: Minutes a post may be late and still go out by itself; later it waits for a person.
    grace_minutes: int = 15
    #: Posts one account may send within an hour; one more freezes it until two people look.
    most_posts_an_hour: int = 60
    #: Seconds one publishing request to X may take in all.
    x_timeout_seconds: int = 20
    #: Folder of the private keys that open stored tokens; only the worker may read it. Empty:
    #: keys/worker in the data folder.
    worker_keys: str = ""
    #: Whether this process may open stored tokens: yes for the worker and commands. What serves
    #: pages never may, and is started with no.
    may_open: bool = True
    #: For proofs in practice mode: the point at which a worker ends itself; see publishing/engine.
    crash_at: str = ""
    #: Threads that serve pages, in each web process.
    web_threads: int = 8
    #: Mail server for invitations and password resets: smtp+tls://user:pass@host:587 (STARTTLS),
    #: smtps://user:pass@host:465, or smtp://host:25 without encryption. Empty: mails are logged.
    mail_url: str = ""
    #: Sender of those mails.
    mail_from: str = "Yanzhen <yanzhen@localhost>"
    #: Slack's API; another address is for tests.
    slack_api_base_url: str = "https://slack.com/api/"
    #: Whether webhooks may go to private addresses and other ports, such as a server in your own
    #: network. Whoever may edit the workspace can then reach what this machine can reach.
    private_webhooks: bool = False
    #: Providers people may sign in through (OpenID Connect, SAML), as JSON; holds secrets, so best
    #: given as a file. See docs/signing-in.md.
    sign_in: str = ""
    #: debug, info, warning or error.
    log_level: str = "info"

    @property
    def practice(self) -> bool:
        """Tell whether X is anything but the real X, so that real tokens must not be used."""
        return urlsplit(self.x_api_base_url).hostname != "api.x.com"

    @property
    def origin(self) -> str:
        """Return which X ids and tokens belong to: "x.com", or "practice" whatever its port is."""
        return "practice" if self.practice else "x.com"


def _convert(name: str, kind: Any, raw: str) -> Any:
    if kind in ("bool", bool):
        if raw.lower() in ("1", "true", "yes", "on"):
            return True
        if raw.lower() in ("0", "false", "no", "off", ""):
            return False
        raise BadSetting(f"{PREFIX}{name.upper()} must be yes or no, not {raw!r}.")
    if kind in ("int", int):
        try:
            return int(raw)
        except ValueError:
            raise BadSetting(
                f"{PREFIX}{name.upper()} must be a whole number, not {raw!r}."
            ) from None
    if kind in ("Path", Path):
        return Path(raw)
    if name == "log_level" and raw.lower() not in LOG_LEVELS:
        raise BadSetting(f"{PREFIX}LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {raw!r}.")
    return raw


def read(environ: dict[str, str] | None = None) -> Env:
    """Read the settings from ``environ`` (the process's own by default). Raises BadSetting."""
    source = dict(os.environ if environ is None else environ)
    known = {f.name: f for f in fields(Env)}
    values: dict[str, Any] = {}
    for key, raw in source.items():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX).lower()
        from_file = name.endswith("_file") and name.removesuffix("_file") in known
        if from_file:
            name = name.removesuffix("_file")
            try:
                raw_value = Path(raw).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSetting(f"{key} names a file that cannot be read: {error}.") from None
        else:
            raw_value = raw
        if name not in known:
            raise BadSetting(
                f"{key} is not a setting. Known ones: "
                + ", ".join(PREFIX + n.upper() for n in sorted(known))
                + "."
            )
        values[name] = _convert(name, known[name].type, raw_value)
    return _whole(Env(**values))


def _whole(env: Env) -> Env:
    """Want the settings of a bucket to fit together. Raises BadSetting."""
    if env.s3_addressing not in ADDRESSINGS:
        raise BadSetting(
            f"{PREFIX}S3_ADDRESSING must be path, virtual or empty, not {env.s3_addressing!r}."
        )
    if bool(env.s3_key_id) != bool(env.s3_key_secret):
        missing = "S3_KEY_SECRET" if env.s3_key_id else "S3_KEY_ID"
        raise BadSetting(f"{PREFIX}{missing} is missing: a key and its secret go together.")
    if (env.s3_endpoint or env.s3_key_id) and not env.s3_bucket:
        raise BadSetting(f"{PREFIX}S3_BUCKET is missing: say which bucket media lie in.")
    return env
