"""What may be done with the brand framework; the only writers of this room's tables."""
