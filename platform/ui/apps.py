from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base templates, components, charts and tables that every page is made of. No models."""

    name = "ui"
    verbose_name = "界面"
