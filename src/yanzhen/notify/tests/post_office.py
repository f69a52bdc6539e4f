"""A mail server of our own: takes every mail over real SMTP and keeps it."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class _Talk(socketserver.StreamRequestHandler):
    """One connection, as much of RFC 5321 as smtplib speaks."""

    def handle(self):
        self._say("220 post office")
        mail = []
        for line in self.rfile:
            word = line.split(b":")[0].strip().upper().split(b" ")[0]
            if word in (b"EHLO", b"HELO"):
                self._say("250 post office")
            elif word == b"DATA":
                self._say("354 go on")
                mail = []
                for row in self.rfile:
                    if row == b".\r\n":
                        break
                    mail.append(row.removeprefix(b".") if row.startswith(b"..") else row)
                self.server.keep(b"".join(mail))
                self._say(self.server.answer)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class PostOffice(socketserver.ThreadingTCPServer):
    """``mails`` are what came in; ``answer`` is what the server says to each."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails = []
        self.answer = "250 taken"

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def keep(self, raw):
        self.mails.append(message_from_bytes(raw, policy=policy.default))


@contextmanager
def post_office():
    """Run a post office in a thread."""
    with PostOffice() as office:
        threading.Thread(target=office.serve_forever, daemon=True).start()
        try:
            yield office
        finally:
            office.shutdown()
