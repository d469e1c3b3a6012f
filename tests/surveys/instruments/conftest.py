"""Pure tests: no database, no settings."""

import pytest


@pytest.fixture(autouse=True)
def neutral_ground():
    """Instead of the suite's: nothing here knows a database."""


@pytest.fixture(autouse=True)
def private_folders():
    """Instead of the suite's: nothing here stores files."""
