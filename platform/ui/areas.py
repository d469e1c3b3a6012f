"""Where an app wants to appear in the bars: each lists its places in `navigation.py`, config collects them."""

from collections.abc import Callable
from dataclasses import dataclass

UNIVERSITY, DESK, COMMISSION = "university", "desk", "commission"


@dataclass(frozen=True)
class Place:
    """One entry of an area's bar.

    `label` is a lazy text, `url_name` is reversed with the university's code in the university's area, `needs`
    is the permission (university) or the set of association roles (elsewhere) that sees it, `count` is called
    with the request and returns the number of waiting items. `order` sorts; `phone` puts it at the foot.
    """

    area: str
    label: str
    url_name: str
    order: int
    icon: str = ""
    needs: str | frozenset[str] = ""
    phone: bool = True
    count: Callable | None = None
