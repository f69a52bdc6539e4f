"""An authenticator app, as it lies in somebody's hand."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from yanzhen.kernel.clock import now
from yanzhen.people.models import User
from yanzhen.signin.actions.factors import set_up_app
from yanzhen.signin.totp import STEP_SECONDS, new_secret


class Phone:
    """Shows the code of a secret, now or some steps of 30 seconds away."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret or new_secret()

    def code(self, steps: int = 0) -> str:
        counter = int(now().timestamp()) // STEP_SECONDS + steps
        return format_hotp_value(hotp_value(self.secret, counter))

    def set_up(self, user: User) -> None:
        """As the person would have done two minutes ago, so that today's codes are unused."""
        then = now() - timedelta(minutes=2)
        set_up_app(user, secret=self.secret, code=self.code(-4), session_key="", now=then)
