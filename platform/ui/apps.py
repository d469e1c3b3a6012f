from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Base templates, components, charts and tables that every page is made of. No models."""

    name = "ui"
    verbose_name = _("界面")
