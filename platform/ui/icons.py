"""Icons as inline SVG from one small file, so that no page loads an icon font.

`python -m ui.icons NAME …` adds outlines from node_modules/@tabler/icons to icons.json; pages use the tag
`{% icon "NAME" %}`.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import mark_safe

SPRITE = Path(__file__).with_name("icons.json")
SOURCE = Path(__file__).parents[2] / "node_modules/@tabler/icons/icons/outline"


@cache
def sprite():
    """The outlines by name: the markup inside the <svg> of a 24 × 24 box."""
    return json.loads(SPRITE.read_text(encoding="utf-8"))


def svg(name, label=""):
    """One icon as markup. With a label it is an image with that name; without, it is hidden from readers.

    An unknown name raises KeyError: a missing icon should fail in the page's own test, not be an empty box.
    """
    attributes = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true" focusable="false"')
    )
    # The sprite is a committed file of path data, hence safe markup.
    return format_html(
        '<svg class="ti ti-{}" viewBox="0 0 24 24" {}>{}</svg>', name, attributes, mark_safe(sprite()[name])
    )


def outline(text):
    """The drawing inside an icon file: paths without the invisible 24 × 24 frame, on one line."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL).group(1)
    inner = re.sub(r'<path stroke="none"[^>]*/>', "", inner)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", inner)).strip().replace('" />', '"/>')


def add(names, source=SOURCE, target=SPRITE):
    """Add outlines by name to the sprite; returns how many it now holds."""
    held = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    for name in names:
        held[name] = outline((source / f"{name}.svg").read_text(encoding="utf-8"))
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(held.items()))
    target.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return len(held)


if __name__ == "__main__":
    print(f"{add(sys.argv[1:])} icons in {SPRITE.name}")
