"""Tasks: what has to be done around the posts, by whom, and by when."""
