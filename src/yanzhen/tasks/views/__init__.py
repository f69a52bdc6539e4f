"""What the pages of tasks answer with."""
