"""X (Twitter): a thin client of its API, speaking as one account at a time."""
