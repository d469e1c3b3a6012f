"""Papers as PDF, set by Typst. The words arrive as data: nothing that a person typed is ever read as markup."""

from __future__ import annotations

import datetime
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

HOUSE = Path(__file__).parent / "typst" / "house.typ"


def pdf(template: Path, data: dict[str, Any], at: datetime.datetime) -> bytes:
    """The paper that a template makes of plain data, which it finds as `data`, with the parts of house.typ at hand.
    `at` is the day the file bears; the same template, data and day give the same bytes. Raises typst.TypstError for a
    template that is wrong."""
    return typst.compile(
        HOUSE.read_bytes() + template.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        timestamp=int(at.timestamp()),
    )


def qr_svg(text: str) -> str:
    """A QR code as SVG without a margin. A quarter of it may be lost to stamps and creases."""
    out = io.BytesIO()
    segno.make(text, error="q", boost_error=False, micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once in a process: a Chinese font is ten megabytes."""
    folders = [str(folder) for folder in settings.PAPER_FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
