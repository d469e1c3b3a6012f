"""What the commission reads."""

from django.urls import path

from surveys.benchmarks.views import commission as views

app_name = "benchmarks"
urlpatterns = [
    path("", views.overview_view, name="overview"),
    path("rules/", views.rules_view, name="rules"),
    path("completion/", views.completion_view, name="completion"),
    path("completion/data.<slug:kind>", views.completion_data_view, name="completion_data"),
    path("releases/", views.releases_view, name="releases"),
    path("releases/<slug:round_code>/<int:number>/", views.release_view, name="release"),
    path(
        "releases/<slug:round_code>/<int:number>/cells.<slug:kind>",
        views.release_data_view,
        name="release_data",
    ),
    path("energy/", views.instrument_view, {"instrument": "energy"}, name="energy"),
    path("<slug:instrument>/<slug:figure>.<slug:kind>", views.data_view, name="data"),
    path("<slug:instrument>/<slug:key>/", views.indicator_view, name="indicator"),
]
