"""The lead, and the log that hands it from one member to the next."""
