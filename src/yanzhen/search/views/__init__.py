"""The page of the search, and its palette."""
