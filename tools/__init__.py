"""Commands for people who work on Yanzhen: gates, catalogues, and the test databases."""
