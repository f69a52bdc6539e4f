"""Why a last look cannot be given or taken back, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yanzhen.publishing.actions.clearing import CannotClear


def why_not(refused: CannotClear) -> str:
    """Say why the look cannot be given or taken back, and what to do."""
    return {
        "not_asked": _("Nobody asks for a last look any more; it goes out at its time."),
        "not_lead": _("Only who has the lead gives the last look, and that is somebody else now."),
        "own_work": _(
            "You wrote some of it, so somebody else must look: hand the lead over, or let the flow"
            " say that the lead may look at what they wrote."
        ),
        "changed": _("It is another text than the one you were shown. Read it again."),
        "early": _("Its last look is not open yet."),
        "late": _("Its time is too long past. Decide what happens under “Needs a person”."),
        "sending": _("It is being sent at this moment."),
        "not_waiting": _("It stands elsewhere by now; here is how it is."),
    }[refused.why]
