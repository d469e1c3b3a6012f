"""The seal and what the association says to it."""
