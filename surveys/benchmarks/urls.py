"""What the commission reads."""

app_name = "benchmarks"
urlpatterns: list = []
