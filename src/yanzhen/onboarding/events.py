"""What this room announces. What a step did is told by the room whose action it called."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Bare:
    """Payload of kinds that the actor and the subject say in full."""


@dataclass(frozen=True, slots=True)
class StepSettled:
    """Payload of what became of a step: its slug."""

    step: str


STEP_DONE = announce(
    Kind("onboarding.step_done", StepSettled, _("%(actor)s took a step of the first ten minutes"))
)
STEP_SKIPPED = announce(
    Kind(
        "onboarding.step_skipped",
        StepSettled,
        _("%(actor)s left out a step of the first ten minutes"),
    )
)
CHECKLIST_HIDDEN = announce(
    Kind("onboarding.checklist_hidden", Bare, _("%(actor)s hid the list of first steps"))
)
CHECKLIST_SHOWN = announce(
    Kind("onboarding.checklist_shown", Bare, _("%(actor)s showed the list of first steps again"))
)
