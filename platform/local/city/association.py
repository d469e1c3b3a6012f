"""The association's own part of the demo: its site."""

import datetime
import os
from urllib.parse import urlsplit

from cms.pages.operations import build_site
from local.city import site
from local.city.rounds import SHANGHAI, times_of
from local.city.universities import LAST


def build(*, now: datetime.datetime) -> None:
    """The site with its first pages and notices, once."""
    address = urlsplit(os.environ.get("HOUQIN_BASE_URL", "http://127.0.0.1:8000"))
    text = site.text(now.astimezone(SHANGHAI).date(), times_of(LAST, now).due.date())
    build_site(text=text, hostname=address.hostname, port=address.port or 80)
