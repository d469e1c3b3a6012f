"""A university's pages."""

app_name = "filings"
urlpatterns: list = []
