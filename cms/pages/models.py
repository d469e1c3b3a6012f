"""Page types of the association's site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The front page: a lead story, notices, the city's headline figures."""

    lead = models.CharField(_("头条标题"), max_length=120, blank=True)
    summary = models.TextField(_("头条摘要"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("summary")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("首页")


class NoticeIndexPage(Page):
    """All notices, newest first."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NoticePage"]

    class Meta:
        verbose_name = _("通知公告栏目")


class NoticePage(Page):
    """One notice of the association."""

    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("发文日期"))
    due_on = models.DateField(_("截止日"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    body = RichTextField(_("正文"), features=["h2", "h3", "bold", "ol", "ul", "link", "document-link", "hr"])

    content_panels = [
        *Page.content_panels,
        FieldPanel("document_number"),
        FieldPanel("issued_on"),
        FieldPanel("due_on"),
        FieldPanel("source"),
        FieldPanel("body"),
    ]
    parent_page_types = ["pages.NoticeIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("通知")
