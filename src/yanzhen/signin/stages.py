"""The step between a proven password and being signed in."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

#: How a sign-in through another house is noted in the session, see views/elsewhere.py.
ELSEWHERE = "socialaccount"


class SecondStage(AuthenticateStage):  # type: ignore[misc]  # the library is untyped
    """Asks whoever has a second factor for it; a passkey alone is both factors already."""

    urlname = "second-step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Return the way to the second step, or None when none is needed."""
        if not self._should_handle(self.request):
            return None, True
        return redirect(self.urlname), True

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not proven_elsewhere(request, self.login.user)


def proven_elsewhere(request: HttpRequest, user: object) -> bool:
    """Tell whether this sign-in came through a provider that asks for a second factor itself."""
    records = get_authentication_records(request, user)
    return any(each.get("method") == ELSEWHERE and each.get("second_factor") for each in records)
