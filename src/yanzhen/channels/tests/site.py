"""The site for tests: a client whose requests run closed, as in the real site, and its worker."""

from __future__ import annotations

from unittest.mock import patch

from django.http import HttpResponse
from django.test import Client

from yanzhen.channels import closing
from yanzhen.channels.running import run_waiting
from yanzhen.kernel import clock

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SiteClient(Client):
    """A browser. While a request is answered, this process may open no stored secret."""

    def request(self, **request):
        with patch.object(closing, "_closed", True):
            return super().request(**request)

    def settled(self, response) -> HttpResponse:
        """Let the worker do what the page asked for; return the page it leads to."""
        assert response.status_code == 302, response.content.decode()
        assert "/accounts/errands/" in response["Location"]
        waiting = self.get(response["Location"])
        assert 'hx-trigger="load delay:' in waiting.content.decode()
        run_waiting(clock.database_now())
        return self.get(response["Location"], follow=True)


def as_(member) -> SiteClient:
    client = SiteClient()
    client.force_login(member.user, backend=BACKEND)
    return client
