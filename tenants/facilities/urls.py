"""The register of places."""

from django.urls import path

from tenants.facilities import import_views, views

app_name = "facilities"
urlpatterns = [
    path("", views.listing, name="list"),
    path("add/", views.add, name="add"),
    path("export/<slug:kind>/", views.export, name="export"),
    path("import/", import_views.upload, name="import"),
    path("import/confirm/", import_views.confirm, name="confirm"),
    path("campuses/add/", views.add_campus, name="add_campus"),
    path("campuses/<int:pk>/", views.campus, name="campus"),
    path("f/<slug:facility>/", views.detail, name="detail"),
    path("f/<slug:facility>/deactivate/", views.deactivate, name="deactivate"),
    path("f/<slug:facility>/activate/", views.activate, name="activate"),
]
