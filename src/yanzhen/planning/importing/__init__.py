"""Reads content plans from files: bytes to rows, rows to one shape, and what is wrong with each."""
