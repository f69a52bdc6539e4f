"""The ideas a leaving member may look after."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.ideas.actions.handing import hand_over_ideas, ideas_of
from yanzhen.people.holdings import Holding, holds

holds(Holding("ideas.owned", _("Ideas and briefs"), ideas_of, hand_over_ideas, order=50))
