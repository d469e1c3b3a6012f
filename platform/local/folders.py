"""Where local data lies."""

import os
from pathlib import Path


def var_folder(root: Path) -> Path:
    """`var/` of the checkout, or the folder that HOUQIN_VAR names."""
    return Path(os.environ.get("HOUQIN_VAR", root / "var"))
