"""How words of a comment are shown."""
