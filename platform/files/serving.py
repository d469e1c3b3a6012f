"""Handing a private file to someone who may have it: always a download, never a page."""

import mimetypes
import re
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse

from files.storage import path_of

# a disk takes 255 bytes; a Chinese character is three
LONGEST_NAME, LONGEST_ENDING = 240, 10
# only these go out under their own type; all else is bytes
HARMLESS = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
}


def serve(owner: str, sha256: str, name: str) -> HttpResponse:
    """A download of a stored file under a cleaned name. In production nginx sends the bytes. The caller has checked
    the permission. Raises FileNotFoundError."""
    path = path_of(owner, sha256)
    content_type = _type_of(name)
    if settings.FILES_INTERNAL_URL:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.FILES_INTERNAL_URL}{owner}/{sha256}"
    else:
        response = FileResponse(path.open("rb"), content_type=content_type)
    return _inert(response, name)


def attached(content: bytes, name: str) -> HttpResponse:
    """A download of bytes that were just made, under the same rules."""
    return _inert(HttpResponse(content, content_type=_type_of(name)), name)


def _type_of(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0]
    return guessed if guessed in HARMLESS else "application/octet-stream"


def _inert(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(clean_name(name))}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def clean_name(name: str) -> str:
    """A file name without folders, control characters or leading dots; never empty, and short enough for a disk, whose
    limit counts bytes. What is cut off comes from before the ending."""
    last = re.split(r"[\\/]", name)[-1]
    clean = re.sub(r"[\x00-\x1f\x7f\"<>|:*?]", "", last).lstrip(". ") or "file"
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, dot, ending = clean, "", ""
    room = LONGEST_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending
