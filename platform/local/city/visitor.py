"""A person with a browser, as far as the proof needs one: pages, forms as they stand, files."""

import os
import time
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag


class Surprise(AssertionError):
    """A page was not what the step expected."""


class Visitor:
    """One signed-in person. `page` is the last page, parsed."""

    def __init__(self, base: str, email: str = ""):
        self.base, self.session, self.email = base, requests.Session(), email
        self.session.trust_env = False
        self.page, self.status, self.url = BeautifulSoup("", "html.parser"), 0, ""
        if email:
            self.open("/account/login/")
            self.submit("/account/login/", login=email, password=os.environ["HOUQIN_DEMO_PASSWORD"])
            if "/account/login/" in self.url:
                raise Surprise(f"{email} could not sign in: {self.page.get_text(' ', strip=True)[:200]}")

    def open(self, path: str) -> BeautifulSoup:
        """GETs a page, whatever its status."""
        return self._keep(self.session.get(urljoin(self.base, path), timeout=30))

    def submit(self, action: str, *, files: dict | None = None, nth: int = 0, **values) -> BeautifulSoup:
        """Sends the n-th form of the page whose address begins with `action`, its own values first."""
        form = self.forms(action)[nth]
        data = fields_of(form) | {name.replace("__", "-"): value for name, value in values.items()}
        target = urljoin(self.url, form.get("action") or self.url)
        answer = self.session.post(target, data=data, files=files, headers={"Referer": self.url}, timeout=60)
        return self._keep(answer)

    def forms(self, action: str) -> list[Tag]:
        """The forms of the page that lead to addresses beginning with `action`."""
        found = []
        for form in self.page.find_all("form"):
            if form.get("method", "get").lower() == "post":
                target = urlsplit(urljoin(self.url, form.get("action") or self.url)).path
                if target.startswith(action):
                    found.append(form)
        if not found:
            raise Surprise(f"{self.url}: no form for {action}; {self.title()}")
        return found

    def has_form(self, action: str) -> bool:
        try:
            return bool(self.forms(action))
        except Surprise:
            return False

    def json(self, path: str) -> dict:
        return self.session.get(urljoin(self.base, path), timeout=30).json()

    def wait(self, path: str, *, seconds: float = 60) -> dict:
        """Polls a job's address as the page's script does; returns its last answer."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.json(path)
            if answer["state"] in ("done", "failed") or time.monotonic() > deadline:
                return answer
            time.sleep(0.25)

    def title(self) -> str:
        """The heading of the page: it says the finding."""
        heading = self.page.find("h1")
        return heading.get_text(" ", strip=True).replace("\xa0", " ") if heading else ""

    def text(self) -> str:
        return self.page.get_text(" ", strip=True)

    def _keep(self, answer: requests.Response) -> BeautifulSoup:
        self.status, self.url = answer.status_code, answer.url
        self.page = BeautifulSoup(answer.text, "html.parser")
        if self.status >= 500:
            raise Surprise(f"{answer.url} answered {self.status}")
        return self.page


def fields_of(form: Tag) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched (unchecked boxes are left out)."""
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("submit", "file", "button"):
            continue
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        data.setdefault(name, []).extend(_values(field))
    return data


def _values(field: Tag) -> list[str]:
    if field.name == "textarea":
        return [field.get_text()]
    if field.name == "select":
        options = field.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return [option.get("value", option.get_text()) for option in chosen]
    return [field.get("value", "on" if field.get("type") in ("checkbox", "radio") else "")]
