"""A university's messages."""

from django.urls import path

from tenants import notice_views

app_name = "notices"
urlpatterns = [
    path("", notice_views.university, name="list"),
    path("read/", notice_views.read_university, name="read"),
    path("<int:pk>/open/", notice_views.open_university, name="open"),
]
