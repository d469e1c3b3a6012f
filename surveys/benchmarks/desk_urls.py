"""Making releases."""

app_name = "releases"
urlpatterns: list = []
