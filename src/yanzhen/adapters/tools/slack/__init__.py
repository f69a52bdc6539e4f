"""Slack, through its official SDK."""
