"""Rounds, under /desk/rounds/."""

from django.urls import path

from surveys.catalog import extension_views, views

app_name = "rounds"
urlpatterns = [
    path("", views.rounds, name="list"),
    path("new/", views.new, name="new"),
    path("extensions/", extension_views.requests, name="extensions"),
    path("extensions/<int:pk>/answer/", extension_views.answer, name="answer_extension"),
    path("<slug:code>/", views.round, name="round"),
    path("<slug:code>/times/", views.times, name="times"),
    path("<slug:code>/universities/", views.join, name="join"),
    path("<slug:code>/extend/", extension_views.give, name="extend"),
    path("<slug:code>/reminders/", views.reminders, name="reminders"),
    path("<slug:code>/remind/", views.remind, name="remind"),
    path("<slug:code>/state.<slug:kind>", views.state_file, name="state_file"),
]
