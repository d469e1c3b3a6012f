"""Checking a paper, at /verify/: for whoever holds it."""

from django.urls import path

from surveys.submissions import verifying

app_name = "verify"
urlpatterns = [
    path("", verifying.form, name="form"),
    path("<str:number>/", verifying.paper, name="paper"),
]
