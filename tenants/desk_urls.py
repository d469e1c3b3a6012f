"""The association's people, and everyone else's accounts."""

from django.urls import path

from tenants import desk_views

app_name = "people"
urlpatterns = [
    path("", desk_views.people, name="list"),
    path("invite/", desk_views.invite, name="invite"),
    path("invitations/<int:pk>/resend/", desk_views.resend, name="resend"),
    path("invitations/<int:pk>/revoke/", desk_views.revoke, name="revoke"),
    path("<int:pk>/", desk_views.person, name="person"),
    path("<int:pk>/roles/", desk_views.give, name="give"),
    path("<int:pk>/roles/<int:post>/remove/", desk_views.take, name="take"),
    path("<int:pk>/memberships/<int:post>/remove/", desk_views.take_membership, name="take_membership"),
    path("<int:pk>/second-factor/", desk_views.reset_second_factor, name="reset_second_factor"),
    path("<int:pk>/deactivate/", desk_views.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", desk_views.reactivate, name="reactivate"),
]
