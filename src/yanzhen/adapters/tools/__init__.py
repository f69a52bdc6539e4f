"""Adapters for the tools a team works with besides."""
