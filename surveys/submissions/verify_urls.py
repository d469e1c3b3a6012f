"""Checking a paper."""

app_name = "verify"
urlpatterns: list = []
