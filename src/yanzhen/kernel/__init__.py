"""Tools without tables that every room may use: machines, clock, HTTP, text, time."""
