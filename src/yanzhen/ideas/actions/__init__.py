"""The only writers of ideas."""
