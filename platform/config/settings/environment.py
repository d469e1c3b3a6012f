"""What a deployment says of itself. One place reads the environment; every name is in deploy/houqin.env.example."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parents[3]

env = environ.Env()

# production unless told otherwise: a forgotten variable must not open the demo's doors
STAGE = env.str("HOUQIN_STAGE", "production")
IS_DEMO = STAGE == "demo"
IS_TEST = STAGE == "test"
IS_LOCAL = IS_DEMO or IS_TEST

LOCAL_SECRET = "local-only-secret-that-never-leaves-this-machine-0123456789"


def secret_key() -> str:
    """The signing key. Raises ImproperlyConfigured in production when it is missing."""
    return env.str("HOUQIN_SECRET_KEY", LOCAL_SECRET) if IS_LOCAL else env.str("HOUQIN_SECRET_KEY")


def path(name: str, default: str) -> Path:
    """A folder from the environment, else under var/."""
    return Path(env.str(name, str(ROOT / "var" / default)))


SECRET_KEY = secret_key()
# earlier secrets: their sessions and second factors still hold
SECRET_KEY_FALLBACKS = env.list("HOUQIN_SECRET_KEY_FALLBACKS", default=[])
