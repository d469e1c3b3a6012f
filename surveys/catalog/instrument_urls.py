"""Instruments and their versions, under /desk/instruments/."""

from django.urls import path

from surveys.catalog import instrument_views as views

app_name = "instruments"
urlpatterns = [
    path("", views.instruments, name="list"),
    path("<slug:code>/", views.instrument, name="instrument"),
    path("<slug:code>/propose/", views.propose, name="propose"),
    path("<slug:code>/<int:number>/", views.version, name="version"),
    path("<slug:code>/<int:number>/publish/", views.publish, name="publish"),
    path("<slug:code>/<int:number>/take-back/", views.take_back, name="take_back"),
]
