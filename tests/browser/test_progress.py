"""Long work shows that it goes on."""

import re
from itertools import pairwise

import pytest

from local.bench import material

pytestmark = pytest.mark.browser

# tells the test what the page shows of a job, whenever it changes, with the browser's clock in milliseconds
WATCH = """window.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-job]");
  let last = "";
  const note = () => {
    const now = box.innerText + box.querySelector("progress").value;
    if (now !== last) { last = now; window.noted(Date.now(), now); }
    requestAnimationFrame(note);
  };
  if (box) { note(); }
})"""
BUILDINGS = 2000
# a second and the frames beside it
LONGEST_STILL = 1100


def test_progress_of_a_hundred_thousand_rows_moves_every_second(person):
    # returned, so that it may be filed whatever the other tests did before
    clerk = person(1440, "clerk@weilan.demo")
    clerk.page.goto("/u/weilan/rounds/energy-2024/upload/")
    clerk.page.set_input_files("input[type=file]", str(material.listing(BUILDINGS)))
    seen: list[tuple[float, str]] = []
    clerk.page.expose_function("noted", lambda at, text: seen.append((at, text)))
    clerk.page.add_init_script(WATCH)
    clerk.page.get_by_role("button", name="上传并核对").click()
    clerk.page.wait_for_selector("text=/读到 .*个数|没有写入/", timeout=120_000)
    stills = [later - earlier for (earlier, _a), (later, _b) in pairwise(seen)]
    # a step that lasts less than a look is not seen, but some of the four are
    assert any(re.search("第 [1-4] 步，共 4 步", text) for _at, text in seen)
    assert max(stills) <= LONGEST_STILL
