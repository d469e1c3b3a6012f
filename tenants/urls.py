"""Where a person lands after signing in, and invitations."""

from django.urls import path

from tenants import views

app_name = "tenants"
urlpatterns = [
    path("", views.home, name="home"),
    path("invitations/<str:token>/", views.accept, name="accept"),
]
