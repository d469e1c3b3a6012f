"""Components of the style guide that only a browser can judge."""

import pytest

pytestmark = pytest.mark.browser


def top(locator) -> float:
    return locator.bounding_box()["y"]


@pytest.mark.parametrize("width", [1440, 390])
def test_header_of_a_long_table_stays_in_sight_and_covers_no_row(person, width):
    page = person(width).page
    page.goto("/ui/")
    box = page.locator(".hq-scroll", has=page.locator("table.is-sticky")).first
    box.scroll_into_view_if_needed()
    head, first, last = (
        box.locator(place) for place in ("thead tr", "tbody tr >> nth=0", "tbody tr >> nth=-1")
    )
    assert top(head) == pytest.approx(top(box), abs=1)
    assert top(first) == pytest.approx(top(head) + head.bounding_box()["height"], abs=1.5)
    # on a phone the whole table lies open, at a desk the box scrolls and is reached by the keyboard
    if width > 768:
        box.focus()
        page.keyboard.press("End")
        page.wait_for_timeout(300)
        cell = box.locator("thead th").first
        assert top(cell) == pytest.approx(top(box), abs=1)
        assert top(last) + last.bounding_box()["height"] <= top(box) + box.bounding_box()["height"] + 1
