"""Making releases."""

from django.urls import path

from surveys.benchmarks.views import desk as views

app_name = "releases"
urlpatterns = [
    path("", views.list_view, name="list"),
    path("jobs/<uuid:job_id>/", views.job_view, name="job"),
    path("jobs/<uuid:job_id>/state", views.job_state_view, name="job_state"),
    path("<slug:round_code>/", views.preview_view, name="preview"),
    path("<slug:round_code>/release", views.release_view, name="release"),
]
