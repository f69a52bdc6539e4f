"""What became of keys that were to be voided, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yanzhen.channels import diagnosis
from yanzhen.channels.models import Errand
from yanzhen.channels.states import ErrandState


@dataclass(frozen=True)
class Voided:
    """``safe`` when nobody can use the keys any more; else the steps that a person must take."""

    title: str
    steps: tuple[str, ...] = ()
    safe: bool = False
    under_way: bool = False


def report_of(errand: Errand) -> Voided:
    """Return what became of the keys that this errand was to void."""
    if errand.state == ErrandState.DONE:
        if errand.code == "by_hand":
            return Voided(_("X voids pasted keys only by hand"), _by_hand())
        if errand.code == "gone":
            return Voided(_("X no longer knew these keys"), safe=True)
        return Voided(_("X has voided the keys"), safe=True)
    if errand.state == ErrandState.FAILED:
        _title, steps = diagnosis.explain(errand.code, errand.words)
        return Voided(_("X has not voided the keys"), (*steps, _at_x()))
    if errand.code:
        title, _steps = diagnosis.explain(errand.code, errand.words)
        return Voided(title, (_("The worker tries again by itself."),), under_way=True)
    return Voided(_("X is being asked"), under_way=True)


def _by_hand() -> tuple[str, ...]:
    return (
        _(
            "In the developer portal, open the app, “Keys and tokens”, and revoke the access token."
            " Regenerating the API key voids all tokens of that app."
        ),
        _at_x(),
    )


def _at_x() -> str:
    return _(
        "Or sign in at X as the account: Settings, “Security and account access”, “Apps and"
        " sessions”, “Connected apps”, then revoke the app there."
    )
