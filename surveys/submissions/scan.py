"""What a scanned paper says of itself: the QR codes on it. A stranger's picture is opened in a child with limits.

In: a PDF, JPEG or PNG. Out: the texts of its codes, and for a picture the same picture without what the camera wrote
beside it (place, device).
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from surveys.intake.guard import OUT_OF_MEMORY, ChildLimits, guarded, ordered

MEGABYTE = 1 << 20
# somebody waits for the answer
LIMITS = ChildLimits(cpu=15, wall=20)
LARGEST, PAGES, PIXELS = 20 * MEGABYTE, 12, 50_000_000
# the dots per inch at which a PDF's page is looked at; a second, closer look where nothing was found
LOOKS = (150, 300)
KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}


class NotAScan(Exception):
    """The file cannot be taken. `reason` is one of REASONS."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


REASONS = frozenset({"empty", "large", "kind", "damaged", "pages", "locked"})


@dataclass(frozen=True)
class Scan:
    """The texts of the codes on it, in no order, and the bytes to keep with the kind they are of."""

    codes: tuple[str, ...]
    content: bytes
    kind: str


def read_scan(data: bytes, name: str) -> Scan:
    """Reads the codes of a scan called `name`, in a child. Raises NotAScan."""
    kind = kind_of(data)
    with tempfile.TemporaryDirectory(prefix="houqin-") as folder:
        source, clean = Path(folder) / "in", Path(folder) / "out"
        source.write_bytes(data)
        order = {"path": str(source), "kind": kind, "out": str(clean)}
        answer = guarded("surveys.submissions.scan", order, name, limits=LIMITS).answer
        if answer is None:
            raise NotAScan("damaged")
        if answer["reason"]:
            raise NotAScan(answer["reason"])
        return Scan(tuple(answer["codes"]), clean.read_bytes() if clean.exists() else data, kind)


def kind_of(data: bytes) -> str:
    """`pdf`, `jpeg` or `png` by the first bytes. Raises NotAScan."""
    if not data:
        raise NotAScan("empty")
    if len(data) > LARGEST:
        raise NotAScan("large")
    for magic, kind in KINDS.items():
        if data.startswith(magic):
            return kind
    raise NotAScan("kind")


def main() -> int:
    """The child: limits on itself first, then the work, then one line of JSON."""
    order = ordered()
    try:
        codes = _codes_of_pdf(order["path"]) if order["kind"] == "pdf" else _codes_of_picture(order)
        answer = {"codes": codes, "reason": ""}
    except NotAScan as error:
        answer = {"codes": [], "reason": error.reason}
    except MemoryError:
        return OUT_OF_MEMORY
    print(json.dumps({"result": answer}))
    return 0


def _codes_of_pdf(path: str) -> list[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise NotAScan("locked" if "password" in str(error).lower() else "damaged") from error
    if len(document) > PAGES:
        raise NotAScan("pages")
    for dots in LOOKS:
        # all of its pages: a covering letter in front may bear a code of its own
        codes = [code for number in range(len(document)) for code in _codes_of_page(document[number], dots)]
        if codes:
            return codes
    return []


def _codes_of_page(page, dots: int) -> list[str]:
    scale = min(dots / 72, (PIXELS / max(page.get_width() * page.get_height(), 1)) ** 0.5)
    return _codes(page.render(scale=scale, grayscale=True).to_pil())


def _codes_of_picture(order: dict) -> list[str]:
    """Also writes the picture as it is seen, and nothing beside it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(order["path"], formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > PIXELS:
                raise NotAScan("large")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise NotAScan("damaged") from error
    # place, device and comments of the camera are not written again
    upright.info.clear()
    upright.save(order["out"], order["kind"], **({"quality": 88} if order["kind"] == "jpeg" else {}))
    return _codes(upright)


def _codes(picture) -> list[str]:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in found if code.text]


if __name__ == "__main__":
    sys.exit(main())
