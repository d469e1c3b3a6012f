"""The code that ties a paper to a seal: the beginning of a hash over all that is printed from it, short enough to be
read out and typed. The hash of the figures alone would not do: every nil return has the same."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import unicodedata
from urllib.parse import parse_qs, urljoin, urlsplit

from django.conf import settings
from django.urls import reverse

from surveys.submissions.models import Submission

# 64 bits, beyond guessing
LENGTH, GROUP = 16, 4


def code_of(submission: Submission) -> str:
    """`9f2c71e04b8da635`: over the number, the hash of the figures, the sizes, the declarations and the moment."""
    said = {
        "number": submission.number,
        "figures": submission.sha256,
        "sizes": submission.denominators,
        "declared": submission.declared,
        "at": submission.sealed_at.astimezone(datetime.UTC).isoformat(),
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def grouped(code: str) -> str:
    """`9f2c 71e0 4b8d a635`, as it is printed."""
    return " ".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))


# letters that no code has, and what they were meant for
MEANT = str.maketrans("oil", "011")


def cleaned(text: str) -> str:
    """A code as somebody typed it: full-width signs, capitals, O for 0, blanks between. '' for what cannot be one."""
    code = re.sub(r"[\s\-_.·]+", "", unicodedata.normalize("NFKC", text)).lower().translate(MEANT)
    return code if re.fullmatch(rf"[0-9a-f]{{{LENGTH}}}", code) else ""


def address_of(submission: Submission) -> str:
    """Where the paper is checked: what its QR code says."""
    path = reverse("verify:paper", args=[submission.number])
    return f"{urljoin(settings.BASE_URL, path)}?c={code_of(submission)}"


def read_address(text: str) -> tuple[str, str] | None:
    """Number and code out of the text of a QR code, whatever the host's name was when it was printed; None for a code
    that is not of a paper of ours."""
    parts = urlsplit(text.strip())
    found = re.fullmatch(re.escape(reverse("verify:form")) + r"([^/]+)/", parts.path)
    code = cleaned(parse_qs(parts.query).get("c", [""])[0])
    return (found[1], code) if found and code else None
