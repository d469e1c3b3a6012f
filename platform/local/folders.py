"""Where local data lies, and what state of the code it belongs to."""

import hashlib
import os
from pathlib import Path

# what a prepared database is made of
SOURCES = (
    "**/migrations/*.py",
    "tenants/*.py",
    "surveys/instruments/**/*.yaml",
    "platform/local/template.py",
    "platform/local/city/*.py",
    "requirements.txt",
)
ELSEWHERE = {".venv", "node_modules", "var", ".git"}


def var_folder(root: Path) -> Path:
    """`var/` of the checkout, or the folder that HOUQIN_VAR names."""
    return Path(os.environ.get("HOUQIN_VAR", root / "var"))


def state_hash(root: Path, sources: tuple[str, ...] = SOURCES) -> str:
    """A hash of everything that decides what a prepared database holds."""
    digest = hashlib.sha256()
    for top in sorted(path for path in root.iterdir() if path.name not in ELSEWHERE):
        files = top.rglob("*") if top.is_dir() else [top]
        for path in sorted(files):
            relative = path.relative_to(root)
            if path.is_file() and any(relative.match(source) for source in sources):
                digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
