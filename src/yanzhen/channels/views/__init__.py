"""Pages about accounts. None of them may open a stored secret; see errands."""
