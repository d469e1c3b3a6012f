"""Where a university stands."""

from django.urls import path

from surveys.benchmarks.views.university import position_view

app_name = "university_benchmarks"
urlpatterns = [path("", position_view, name="position")]
