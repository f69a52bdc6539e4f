"""Pages of signing in, by what they are for."""
