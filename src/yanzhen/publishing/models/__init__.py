"""What publishing keeps, by noun."""

from yanzhen.publishing.models.clearances import Clearance, ClearanceQuerySet
from yanzhen.publishing.models.decisions import LookUp, Resend
from yanzhen.publishing.models.deliveries import Attempt, Delivery, DeliveryQuerySet, Reading
from yanzhen.publishing.models.gates import Comparison, Gate, GateScope, Installation, Thaw
from yanzhen.publishing.models.limits import Budget, Pause, Spend, Window
from yanzhen.publishing.models.transfers import Removal, Upload

__all__ = [
    "Attempt",
    "Budget",
    "Clearance",
    "ClearanceQuerySet",
    "Comparison",
    "Delivery",
    "DeliveryQuerySet",
    "Gate",
    "GateScope",
    "Installation",
    "LookUp",
    "Pause",
    "Reading",
    "Removal",
    "Resend",
    "Spend",
    "Thaw",
    "Upload",
    "Window",
]
