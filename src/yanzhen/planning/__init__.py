"""Themes, campaigns and posts: what is to be said, where and when."""
