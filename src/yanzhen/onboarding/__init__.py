"""The first hour: setting a workspace up, what is still to do, and help on every page."""
