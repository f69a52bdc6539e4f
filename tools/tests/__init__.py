"""The gates, tried on small trees that should pass and that should not."""
