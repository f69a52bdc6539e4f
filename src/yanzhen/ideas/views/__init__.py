"""Views of ideas."""
