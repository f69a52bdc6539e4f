"""The X accounts a workspace publishes to, and the sealed keys to them."""
