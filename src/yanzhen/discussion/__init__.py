"""Talking about a post while it is written: comments, who is here, and who holds the pen."""
