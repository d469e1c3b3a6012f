"""One's own account, and the doors of allauth that stay shut."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache

from accounts.queries import posts_of


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do in the association, password and second factor."""
    active = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    context = {
        "second_factor": active,
        "demanded": settings.SECOND_FACTOR_REQUIRED and request.user.second_factor_required,
        "posts": posts_of(request.user),
    }
    return render(request, "account/home.html", context)


def closed(request: HttpRequest, **kwargs) -> HttpResponse:
    """What others offer there and this house does not."""
    raise Http404


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The editors' areas have sign-in pages of their own, without second factor and without limits: everyone goes
    through the one page."""
    if request.user.is_authenticated:
        # Wagtail left a message that says what the page of the refusal says: it counts as seen
        list(messages.get_messages(request))
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or resolve_url(settings.LOGIN_REDIRECT_URL))
