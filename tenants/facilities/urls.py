"""The register of places."""

app_name = "facilities"
urlpatterns: list = []
