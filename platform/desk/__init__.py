"""The association's home page: composes what lower apps offer."""
