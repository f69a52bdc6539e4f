"""How the account library behaves here: closed to strangers, quiet, and with words of our own."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Nobody signs up by themselves, and the pages, not the library, say what happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: members come by invitation."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing: each view has its own sentence, in the language of the person."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address; behind a Unix socket, which has none, loopback."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "127.0.0.1"
