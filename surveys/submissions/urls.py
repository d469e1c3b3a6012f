"""Review of sealed submissions."""

app_name = "review"
urlpatterns: list = []
