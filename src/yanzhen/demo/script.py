"""What Ferrow says, day by day around today. Data only; times are relative to the first start."""

from __future__ import annotations

from yanzhen.demo.scene import Scene
from yanzhen.demo.script_ahead import AHEAD
from yanzhen.demo.script_past import PAST

THEMES = ("Travel light", "Repair, don’t replace", "Quiet at home")
FOCUSES = ("Pack smaller", "Sleep on the plane", "Repair week", "Homecoming", "Desk and silence")
CAMPAIGNS = (("Travel light", "travel-light"), ("Repair day", "repair-day"), ("Service", "service"))

SCENES: tuple[Scene, ...] = (*PAST, *AHEAD)
