"""The verbs of signing in, by noun."""
