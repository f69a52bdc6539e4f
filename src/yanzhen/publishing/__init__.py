"""Deliveries: getting approved text onto X exactly once."""
