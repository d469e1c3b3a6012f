"""Where a person lands after signing in, invitations, and the people of a university."""

from django.urls import path

from tenants import member_views, notice_views, substitute_views, views

app_name = "tenants"
PEOPLE = "people/<slug:code>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("invitations/<str:token>/", views.accept, name="accept"),
    path("notices/", notice_views.mine, name="notices"),
    path("notices/read/", notice_views.read_mine, name="read_notices"),
    path("notices/<int:pk>/open/", notice_views.open_mine, name="open_notice"),
    path(PEOPLE, member_views.people, name="people"),
    path(f"{PEOPLE}invite/", member_views.invite, name="invite"),
    path(f"{PEOPLE}substitutes/", substitute_views.substitutes, name="substitutes"),
    path(f"{PEOPLE}substitutes/<int:pk>/end/", substitute_views.end, name="end_substitution"),
    path(f"{PEOPLE}members/<int:pk>/remove/", member_views.remove, name="remove_member"),
    path(f"{PEOPLE}invitations/<int:pk>/resend/", member_views.resend, name="resend"),
    path(f"{PEOPLE}invitations/<int:pk>/revoke/", member_views.revoke, name="revoke"),
]
