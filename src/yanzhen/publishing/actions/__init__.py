"""The verbs of publishing, by noun. Nothing else writes its tables, but for the engine."""
