"""Three-level review: who passes what, in which order, by when."""
