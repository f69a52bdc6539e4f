"""Workspaces, members, roles and the rights they carry."""
