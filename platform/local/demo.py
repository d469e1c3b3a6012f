"""`manage.py demo`: the city, from nothing."""

from pathlib import Path

from local.folders import var_folder
from local.services import Services


def services(root: Path) -> Services:
    """The demo's services."""
    return Services(var_folder(root) / "demo", "houqin")
