"""Signed webhooks, as the Standard Webhooks specification has them."""
