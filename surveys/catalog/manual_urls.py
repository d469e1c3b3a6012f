"""The manual of every published version, for everybody, under /instruments/."""

from django.urls import path

from surveys.catalog import manual_views as views

app_name = "manual"
urlpatterns = [
    path("", views.manuals, name="list"),
    path("<slug:code>/", views.newest, name="newest"),
    path("<slug:code>/v<int:number>/", views.version, name="version"),
    path("<slug:code>/v<int:number>.json", views.body, name="body"),
]
