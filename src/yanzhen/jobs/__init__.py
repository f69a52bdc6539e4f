"""Loops: leases with a rising fence, heartbeats, and the one worker that runs them all."""
