"""The role a view outside the universities needs, and the way to the sign-in and back."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.queries import roles_of

View = Callable[..., HttpResponse]


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back to what was asked for. What a form sent meanwhile is lost: the sign-in says so, and the
    way back is the page the form was on, for the form's own address shows nothing."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    messages.warning(request, _("登录已过期，刚才那一步没有做成。登录后回到原来的页面，再做一次。"))
    return redirect_to_login(_page_of_the_form(request))


def _page_of_the_form(request: HttpRequest) -> str:
    """Path and query of the page of this house that sent the form; where everyone lands if there is none."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def signed_in(view: View) -> View:
    """Lets the view run for whoever is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else sign_in_first(request)

    return guarded


def assigned(*roles: str) -> Callable[[View], View]:
    """Lets the view run for a person with one of the association roles; anonymous → sign-in, else 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if roles_of(request.user).isdisjoint(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_roles = frozenset(roles)
        return guarded

    return decorate
