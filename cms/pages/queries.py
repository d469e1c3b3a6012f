"""Reading the site: sections, notices, the figures of the front page."""

from typing import TYPE_CHECKING

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from surveys.benchmarks import queries as benchmarks
from surveys.benchmarks.pages.scope import change_of
from surveys.catalog.names import unit_name
from ui.formats import change, iso_day, number
from ui.navigation import Entry, mark_current

if TYPE_CHECKING:
    from cms.pages.models import NoticeIndexPage, NoticePage

LATEST = 7
PER_PAGE = 20


def sections(path: str) -> list[Entry]:
    """The bar of the public site: the front page and its children that are in menus."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return []
    entries = [Entry(_("首页"), "/")]
    for child in site.root_page.get_children().live().in_menu():
        entries.append(Entry(child.title, child.get_url() or "/"))
    return mark_current(entries, path)


def crumbs(page: Page) -> list[tuple[str, str]]:
    """(title, address) from the front page down to the page's parent; empty for the front page."""
    above = page.get_ancestors().filter(depth__gt=1).order_by("depth")
    return [(_("首页") if a.depth == 2 else a.title, a.get_url() or "/") for a in above]


def latest_notices() -> "list[NoticePage]":
    """The newest notices for the front page."""
    from cms.pages.models import NoticePage  # models ask this module for their contexts

    return list(NoticePage.objects.live().order_by("-issued_on", "-pk")[:LATEST])


def notices_page(index: "NoticeIndexPage", number: str | None) -> PaginatorPage:
    """One page of the notices under an index; a wrong number gives the nearest page."""
    from cms.pages.models import NoticePage  # as above

    notices = NoticePage.objects.live().child_of(index).order_by("-issued_on", "-pk")
    return Paginator(notices, PER_PAGE).get_page(number)


def headline() -> dict | None:
    """The city's released medians as the front page prints them: {figures: [{label, text, unit, note}], source}.
    None before the first release."""
    medians = benchmarks.city_headlines()
    if not medians:
        return None
    newest = medians[0]
    words = {"n": newest["n"], "period": newest["period"], "day": iso_day(newest["frozen_at"])}
    source = _("全市 %(n)s 所高校的中位数，%(period)s 年度，%(day)s 发布；不含任何一所学校的数值。") % words
    return {"figures": [_figure(median) for median in medians], "source": source}


def _figure(median: dict) -> dict[str, str]:
    note = ""
    if before := median["before"]:
        ratio = change(change_of(median["value"], before["value"]))
        note = _("较 %(year)s 年 %(change)s") % {"year": before["period"], "change": ratio}
    label = _("%(name)s（中位数）") % {"name": median["label"]}
    text = number(median["value"], median["decimals"])
    return {"label": label, "text": text, "unit": unit_name(median["unit"]), "note": note}
