"""The pages of handoffs."""
