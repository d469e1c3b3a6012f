"""What is kept encrypted in the database, under keys made of the settings' secret: a dump alone opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"houqin second factor "


def lock(text: str) -> str:
    """The text encrypted under the current secret."""
    return _vault().encrypt(text.encode()).decode()


def unlock(token: str) -> str:
    """The text that `lock` made the token of, under this secret or an earlier one (SECRET_KEY_FALLBACKS). Raises
    cryptography.fernet.InvalidToken for anything else."""
    return _vault().decrypt(token).decode()


def _vault() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(PURPOSE + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
