"""How far a step of the first ten minutes has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class StepState(models.TextChoices):
    """What was said of a step. Nothing moves by itself, so no machine is needed."""

    OPEN = "open", pgettext_lazy("first step", "Open")
    DONE = "done", pgettext_lazy("first step", "Done")
    SKIPPED = "skipped", pgettext_lazy("first step", "Left out")
