"""Where a university stands."""

app_name = "university_benchmarks"
urlpatterns: list = []
