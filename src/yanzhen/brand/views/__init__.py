"""The pages of the brand framework."""
