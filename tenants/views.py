"""Landing after sign-in, and the invitation page."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.invitations import (
    AccountExists,
    InvitationForSomeoneElse,
    InvitationInvalid,
    account_of,
    find_invitation,
)
from accounts.models import AssociationRole, Invitation
from accounts.queries import roles_of
from tenants.forms import AcceptForm
from tenants.operations import RolesExclude, accept_invitation
from tenants.people import place_of, role_label
from tenants.queries import desks_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the only place, else a choice of places; an expert without any reads what will be here."""
    desks = desks_of(request.user)
    if len(desks) == 1:
        return redirect(desks[0].url)
    expert = AssociationRole.EXPERT in roles_of(request.user)
    return render(request, "tenants/home.html", {"desks": desks, "expert": expert})


@sensitive_post_parameters("password", "again")
@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation's page. Without an account: name and password once, then signed in. With one: its owner signs in
    and confirms; a link alone never opens an existing account. A used or old link says so."""
    try:
        invitation = find_invitation(token, now=timezone.now())
        account = account_of(invitation)
        if request.user.is_authenticated and request.user != account:
            return _page(request, "tenants/accept_other.html", invitation)
        if account is None:
            return _open(request, token, invitation)
        if not account.is_active:
            raise InvitationInvalid
        if not request.user.is_authenticated:
            return _page(request, "tenants/accept_sign_in.html", invitation)
        return _join(request, token, invitation)
    except RolesExclude:
        return _page(request, "tenants/accept_excluded.html", invitation)
    except (InvitationInvalid, AccountExists, InvitationForSomeoneElse):
        return render(request, "tenants/invitation_invalid.html", status=410)


def _open(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method != "POST" or not form.is_valid():
        return _page(request, "tenants/accept.html", invitation, form=form)
    data = form.cleaned_data
    user = accept_invitation(token=token, name=data["name"], password=data["password"], now=timezone.now())
    # through the one door: whatever sign-in demands is demanded here too
    return perform_login(request, user, redirect_url=reverse("tenants:home"))


def _join(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "tenants/accept_join.html", invitation)
    accept_invitation(token=token, user=request.user, now=timezone.now())
    return redirect("tenants:home")


def _page(request: HttpRequest, template: str, invitation: Invitation, **context) -> HttpResponse:
    words = {"place": place_of(invitation), "role": role_label(invitation.role)}
    # `place` is the bar's
    facts = {"invitation": invitation, "joins": words["place"], "as_role": words["role"]}
    return render(request, template, facts | context)
