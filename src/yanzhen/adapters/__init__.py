"""One folder for each outside system; each implements a port and sees no tables."""
