"""Yanzhen 雁阵: a brand team runs its X accounts together."""

__version__ = "0.1.0"
