"""Setting the site up and handing it to its editors."""

import datetime
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Site

from accounts.operations import EDITOR_GROUPS
from cms.pages.models import HomePage, NoticeIndexPage, NoticePage, StandardPage

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page")


@dataclass(frozen=True)
class NoticeText:
    """One notice as it is set up."""

    title: str
    number: str
    issued_on: datetime.date
    body: str
    due_at: datetime.datetime | None = None
    source: str = "秘书处"


@dataclass(frozen=True)
class SiteText:
    """The words of a site as it is set up; editors change them afterwards."""

    name: str
    lead_kicker: str
    lead_title: str
    lead_summary: str
    notices: tuple[NoticeText, ...] = ()
    pages: tuple[tuple[str, str, str], ...] = field(default=())  # title, slug, body


@transaction.atomic
def build_site(*, text: SiteText, hostname: str, port: int = 80) -> HomePage:
    """Replaces Wagtail's welcome page by the association's site. Nothing happens when it is there already."""
    if home := HomePage.objects.first():
        return home
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    home = root.add_child(
        instance=HomePage(
            title=text.name,
            slug="home",
            lead_kicker=text.lead_kicker,
            lead_title=text.lead_title,
            lead_summary=text.lead_summary,
        )
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": home, "site_name": text.name},
    )
    _add_notices(home, text.notices)
    for title, slug, body in text.pages:
        home.add_child(instance=StandardPage(title=title, slug=slug, body=body, show_in_menus=True))
    hand_to_editors(home)
    return home


def _add_notices(home: HomePage, notices: tuple[NoticeText, ...]) -> None:
    index = home.add_child(instance=NoticeIndexPage(title="通知公告", slug="notices", show_in_menus=True))
    for place, notice in enumerate(notices, 1):
        page = index.add_child(
            instance=NoticePage(
                title=notice.title,
                slug=f"notice-{place}",
                document_number=notice.number,
                issued_on=notice.issued_on,
                due_at=notice.due_at,
                source=notice.source,
                body=notice.body,
            )
        )
        if place == 1:
            home.lead_page = page
            home.save(update_fields=["lead_page"])


def hand_to_editors(home: HomePage) -> None:
    """The secretariat edits and publishes everything; committee secretaries enter and get their own pages later."""
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for role, name in EDITOR_GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(access)
        if role == "staff":
            for right in PAGE_RIGHTS:
                permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
                GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
