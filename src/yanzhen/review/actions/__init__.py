"""The verbs of review, by noun. Nothing else writes review's tables."""
