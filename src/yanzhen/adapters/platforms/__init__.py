"""Social platforms we publish to."""
