"""A small Slack: takes the four calls we make, checks them, and presses buttons as Slack would.

Its page ``/`` shows the messages with their buttons, so that a browser can press them.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from jsonschema import ValidationError, validate

from yanzhen.adapters.tools.slack.tests.block_kit import MESSAGE, UPDATE, VIEW

TOKEN, SECRET = "xoxb-1234567890-fake", "0123456789abcdef0123456789abcdef"
USER = "U0LENA0001"


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/press":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.server.press(int(asked["message"]), asked["button"], user=asked["user"])
        self._answer(self.server.page().encode(), "text/html; charset=utf-8")

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.headers["content-type"].startswith("application/json"):
            asked = json.loads(raw)
        else:
            asked = {name: values[0] for name, values in parse_qs(raw).items()}
        method = self.path.rpartition("/")[2]
        status, headers, told = self.server.call(method, asked, self.headers["authorization"])
        self._answer(json.dumps(told).encode(), "application/json", status, headers)

    def _answer(self, body, kind, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class FakeSlack(ThreadingHTTPServer):
    """``messages`` are what is posted, newest last; ``asides`` are whispers; ``views`` forms.

    ``calls_to`` is where presses go; ``answers`` (status, headers, told) are given first.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.messages, self.asides, self.views, self.calls = [], [], [], []
        self.answers = []
        self.calls_to = ""
        self.wait = threading.Event()
        self.wait.set()
        self.clock = time.time

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def call(self, method, asked, authorization):
        self.wait.wait(5)
        self.calls.append(method)
        if self.answers:
            return self.answers.pop(0)
        if authorization != f"Bearer {TOKEN}":
            return 200, (), {"ok": False, "error": "invalid_auth"}
        for name in ("blocks", "view"):
            if isinstance(asked.get(name), str):
                asked[name] = json.loads(asked[name])
        try:
            return 200, (), {"ok": True, **getattr(self, method.replace(".", "_"))(asked)}
        except (ValidationError, KeyError, StopIteration) as wrong:
            told = getattr(wrong, "message", repr(wrong))
            return 200, (), {"ok": False, "error": "invalid_blocks", "told": told}

    def chat_postMessage(self, asked):  # noqa: N802 -- Slack's own name
        validate(asked, MESSAGE)
        # A direct message is posted to the user and lies in a channel of its own.
        channel = asked["channel"].replace("U", "D", 1)
        self.messages.append({**asked, "channel": channel, "ts": f"{len(self.messages) + 1}.000"})
        return {"channel": channel, "ts": self.messages[-1]["ts"]}

    def chat_update(self, asked):
        validate(asked, UPDATE)
        place = asked["channel"], asked["ts"]
        found = next((m for m in self.messages if (m["channel"], m["ts"]) == place), None)
        if found is None:
            return {"ok": False, "error": "message_not_found"}
        found |= {"text": asked["text"], "blocks": asked["blocks"], "edited": True}
        return {"channel": asked["channel"], "ts": asked["ts"]}

    def chat_postEphemeral(self, asked):  # noqa: N802 -- Slack's own name
        validate(asked, MESSAGE)
        self.asides.append((asked["channel"], asked["user"], asked["text"]))
        return {"message_ts": "1.000"}

    def views_open(self, asked):
        validate(asked["view"], VIEW)
        self.views.append(asked["view"])
        return {"view": {"id": f"V{len(self.views)}"}}

    def buttons(self, message):
        """Give the buttons of a message by their labels."""
        rows = [
            block["elements"] for block in message.get("blocks", []) if block["type"] == "actions"
        ]
        return {button["text"]["text"]: button for row in rows for button in row}

    def words(self, message):
        """Give all the words of a message, in order."""
        found = []
        for block in message.get("blocks", []):
            texts = block.get("elements", []) if block["type"] == "context" else [block.get("text")]
            found += [text["text"] for text in texts if text]
        return found

    def press(self, number, label, *, user=USER, again=1, **wrong):
        """Press a button of a message as ``user``; ``again`` sends the same that many times."""
        message = self.messages[number]
        button = self.buttons(message)[label]
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "trigger_id": "12345.98765.abcd",
            "container": {"channel_id": message["channel"], "message_ts": message["ts"]},
            "actions": [
                {
                    "action_id": button["action_id"],
                    "value": button.get("value", ""),
                    "action_ts": f"{self.clock():.6f}",
                }
            ],
        }
        return [self.send(payload, **wrong) for _time in range(again)][-1]

    def boxes(self, view):
        """Give the groups of boxes of a form: the values of each, by the group's name."""
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        return {
            block["block_id"]: [option["value"] for option in block["element"]["options"]]
            for block in inputs
            if block["element"]["type"] == "checkboxes"
        }

    def fill(self, view, *, user=USER, reason="tone", comment="Warmer, please.", ticks=(), **wrong):
        """Send off a form with these values; ``ticks`` are of any group of boxes."""
        values = {
            "reason": {"reason": {"selected_option": {"value": reason} if reason else None}},
            "comment": {"comment": {"value": comment}},
        }
        for group, boxes in self.boxes(view).items():
            chosen = [{"value": value} for value in boxes if value in ticks]
            values[group] = {"points": {"type": "checkboxes", "selected_options": chosen}}
        told = {
            "id": "V1",
            "hash": "h",
            "private_metadata": view["private_metadata"],
            "state": {"values": values},
        }
        payload = {"type": "view_submission", "user": {"id": user}, "view": told}
        return self.send(payload, **wrong)

    def send(self, payload, *, secret=SECRET, at=None, spoil=False, signature=None):
        """Send a payload signed as Slack signs; return status and body."""
        stamp = str(int(self.clock() if at is None else at))
        body = urlencode({"payload": json.dumps(payload)})
        signed = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        if spoil:
            body += "&more=1"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={signed.hexdigest()}" if signature is None else signature,
        }
        return self._deliver(body.encode(), headers)

    def _deliver(self, body, headers):
        request = urllib.request.Request(self.calls_to, body, headers)  # noqa: S310 -- our own
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def page(self):
        """Give the messages as a page, each button a link that presses it as USER."""
        rows = []
        for number, message in enumerate(self.messages):
            words = "".join(f"<p>{html.escape(text)}</p>" for text in self.words(message))
            links = "".join(self._link(number, label) for label in self.buttons(message))
            rows.append(f'<article id="m{number}">{words}{links}</article>')
        return f"<!doctype html><title>Slack</title>{''.join(rows)}"

    def _link(self, number, label):
        asked = urlencode({"message": number, "button": label, "user": USER})
        return f'<a href="/press?{html.escape(asked)}">{html.escape(label)}</a> '


@contextmanager
def fake_slack():
    """Run a fake Slack in a thread."""
    with FakeSlack() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
