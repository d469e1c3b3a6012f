"""The append-only trail: who did what to which object."""
