"""Review of sealed submissions, under /desk/review/."""

from django.urls import path

from surveys.submissions import views

app_name = "review"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<str:number>/", views.submission, name="submission"),
    path("<str:number>/questions/", views.ask, name="ask"),
    path("<str:number>/decision/", views.decide, name="decide"),
    path("<str:number>/changes/", views.changes, name="changes"),
    path("<str:number>/files/<int:pk>/", views.file, name="file"),
    path("<str:number>/paper/", views.paper, name="paper"),
    path("<str:number>/stamped/<int:pk>/", views.stamped, name="stamped"),
]
