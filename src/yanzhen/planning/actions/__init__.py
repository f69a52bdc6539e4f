"""The verbs of planning, by noun. Nothing else writes planning's tables."""
