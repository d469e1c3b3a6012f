"""Private content-addressed storage, upload limits, inert serving."""
