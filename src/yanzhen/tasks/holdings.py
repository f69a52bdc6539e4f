"""What a leaving member may still have to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.people.holdings import Holding, holds
from yanzhen.tasks.actions.handing import hand_over_tasks, tasks_of

holds(Holding("tasks.open", _("Open tasks"), tasks_of, hand_over_tasks, order=40))
