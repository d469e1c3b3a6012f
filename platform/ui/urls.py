"""The style guide: every component in every state. For development and the demo; config decides where it hangs."""

from django.urls import path

from . import guide

app_name = "ui"
urlpatterns = [
    path("", guide.components, name="guide"),
]
