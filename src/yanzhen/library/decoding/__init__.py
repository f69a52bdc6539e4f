"""Reading what a file is from its bytes, and taking out what must not leave the house."""
