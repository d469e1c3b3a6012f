"""The style guide: every component in every state. Only where config hangs it: development and demo."""

from django.urls import path

from . import guide

app_name = "ui"
urlpatterns = [
    path("", guide.components, name="guide"),
    path("job", guide.job, name="guide_job"),
    path("receive", guide.receive, name="guide_receive"),
    path("frame/<slug:name>", guide.frame, name="guide_frame"),
]
