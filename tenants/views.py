"""Landing after sign-in, and the invitation page."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.operations import InvitationInvalid, find_invitation
from tenants.forms import AcceptForm
from tenants.operations import accept_invitation
from tenants.queries import desks_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the only place, else a choice of places."""
    desks = desks_of(request.user)
    if len(desks) == 1:
        return redirect(desks[0].url)
    return render(request, "tenants/home.html", {"desks": desks})


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation's page: name and password once, then signed in. A used or old link says so."""
    try:
        invitation = find_invitation(token, now=timezone.now())
    except InvitationInvalid:
        return render(request, "tenants/invitation_invalid.html", status=410)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(
                token=token,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                now=timezone.now(),
            )
        except InvitationInvalid:
            return render(request, "tenants/invitation_invalid.html", status=410)
        login(request, user, backend=BACKEND)
        return redirect("tenants:home")
    return render(request, "tenants/accept.html", {"form": form, "invitation": invitation})
