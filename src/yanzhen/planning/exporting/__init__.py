"""Writes plans into files and calendars: rows of posts, sheets of rows, and calendar entries."""
