"""The verbs of people, by noun. Nothing else writes people's tables."""
