"""Headless Chromium on the seeded city. Without Chromium the tests are skipped, unless CI demands them."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from local.stage import PASSWORD, Stage

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# choices whose words run under the arrow
UNDER_THE_ARROW = """[...document.querySelectorAll('select.form-select:not([multiple])')]
  .filter(e => e.offsetParent && parseFloat(getComputedStyle(e).paddingRight) < 32).map(e => e.name)"""
WIDTHS = {1440: 900, 390: 844}
# pictures are kept where somebody asks for them
PICTURES = os.environ.get("HOUQIN_PICTURES")
# those that the README and the guides show are made anew where this is set
GUIDES = os.environ.get("HOUQIN_GUIDES")
SHOWN = ROOT / "docs" / "pictures"
TALLEST = 1200


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        message = "no Chromium on this machine: install the distribution's package `chromium`"
        if os.environ.get("HOUQIN_BROWSER_REQUIRED"):
            pytest.fail(message)
        pytest.skip(message)
    # its loop stays in this process until the end, and Django would refuse the database to every test after it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def stage(browser, worker_id) -> Iterator[Stage]:
    place = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    made = Stage(ROOT, f"houqin_stage_{worker_id}", place=place)
    made.open()
    yield made
    made.close()


def keep(picture: bytes, path: Path) -> None:
    """A picture for the guides: the top of the page, in few colours, so that a clone stays small."""
    with Image.open(io.BytesIO(picture)) as page:
        top = page.convert("RGB").crop((0, 0, page.width, min(page.height, TALLEST)))
    top.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


class Person:
    """Somebody at a browser of a width. Every page they see is checked: no console error, nothing cut sideways, axe."""

    def __init__(self, browser: Browser, stage: Stage, width: int):
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, base_url=stage.address
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.width, self.complaints, self.seen = width, [], []
        self.page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, text: str) -> None:
        # a refusal or a lost line that a test provokes shows up in the console as well
        if not any(
            word in text for word in ("status of 40", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
        ):
            self.complaints.append(f"{self.page.url}: {text}")

    def sign_in(self, email: str) -> "Person":
        self.page.goto("/account/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(re.compile(r"^(?!.*/account/login/)"))
        return self

    def look(self, name: str) -> None:
        """Checks the page as it stands and keeps a picture of it."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(250)
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than the screen"
        assert self.page.evaluate(UNDER_THE_ARROW) == [], f"{self.page.url}"
        found = Axe().run(self.page)
        broken = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found.response["violations"]]
        assert broken == [], f"{self.page.url}"
        assert self.complaints == []
        self.seen.append(name)
        file = f"{name}-{self.width}.png"
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / file, full_page=True)
        if GUIDES and (SHOWN / file).exists():
            keep(self.page.screenshot(full_page=True), SHOWN / file)

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().replace("\u00a0", " ")


@pytest.fixture
def person(browser, stage):
    """Makes persons: `person(1440, "clerk@haijin.demo")`."""
    made: list[Person] = []

    def make(width: int, email: str = "") -> Person:
        one = Person(browser, stage, width)
        made.append(one)
        return one.sign_in(email) if email else one

    yield make
    for one in made:
        one.page.context.close()
