from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Base templates, components, charts and tables that every page is made of. No models."""

    name = "ui"
    verbose_name = _("界面")

    def ready(self) -> None:
        # Django's word is 必需字段, a field that is required: the name of a rule, not what is the matter
        Field.default_error_messages = Field.default_error_messages | {"required": _("还没有填。")}
