"""Cache keys never cross a wall."""

from tenants.context import current_university

GLOBAL_PREFIX = "global:"


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Puts the university into the key. A key that starts with `global:` is everyone's on purpose."""
    place = "*" if key.startswith(GLOBAL_PREFIX) else (current_university() or "public")
    return f"{key_prefix}:{place}:{version}:{key}"
