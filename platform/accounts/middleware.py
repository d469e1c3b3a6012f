"""The second factor is asked before anything else is shown."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

# where a person without a second factor may go: set it up, leave, change the language
OPEN_PREFIXES = ("/account/", "/i18n/", "/static/")


class SecondFactorMiddleware:
    """Sends people whose role demands a second factor to its setup until they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_missing(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_REQUIRED or request.path.startswith(OPEN_PREFIXES):
            return False
        user = request.user
        if not user.is_authenticated or not user.second_factor_required:
            return False
        return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
