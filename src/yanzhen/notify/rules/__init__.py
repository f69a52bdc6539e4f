"""When news may reach somebody, worked out from plain values."""
