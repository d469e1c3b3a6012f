"""Page types of the association's site."""

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.pages import queries

TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr", "blockquote"]


class SitePage(Page):
    """What every page of the site has: the bar of sections and the way back up."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        return context | {"sections": queries.sections(request.path), "crumbs": queries.crumbs(self)}


class HomePage(SitePage):
    """The front page: a lead story, the latest notices, the city's headline figures."""

    lead_kicker = models.CharField(_("头条栏目"), max_length=20, blank=True)
    lead_title = models.CharField(_("头条标题"), max_length=80, blank=True)
    lead_summary = models.TextField(_("头条摘要"), blank=True)
    lead_page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("头条链接"),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("lead_kicker"),
                FieldPanel("lead_title"),
                FieldPanel("lead_summary"),
                FieldPanel("lead_page"),
            ],
            _("头条"),
        ),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        return context | {"notices": queries.latest_notices(), "headline": queries.headline()}


class NoticeIndexPage(SitePage):
    """All notices, newest first."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NoticePage"]

    class Meta:
        verbose_name = _("通知公告栏目")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        return context | {"notices": queries.notices_page(self, request.GET.get("page"))}


class NoticePage(SitePage):
    """One notice of the association."""

    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("发文日期"))
    due_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    body = RichTextField(_("正文"), features=TEXT)

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("document_number"), FieldPanel("source")]),
        FieldRowPanel([FieldPanel("issued_on"), FieldPanel("due_at")]),
        FieldPanel("body"),
    ]
    parent_page_types = ["pages.NoticeIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("通知")

    @property
    def is_due(self) -> bool:
        """True while its deadline lies ahead."""
        return self.due_at is not None and self.due_at > timezone.now()


class StandardPage(SitePage):
    """A page of text: about the association, how to file, what indicators mean."""

    body = RichTextField(_("正文"), features=TEXT)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]

    class Meta:
        verbose_name = _("文字页")
