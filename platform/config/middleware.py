"""Headers for the whole house, and a language that only the switch changes."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

# Wagtail's editor and Django's admin carry inline scripts and styles; everything else about them stays closed.
EDITOR_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
EDITOR_PREFIXES = ("/admin/", "/ops/")
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


class HeadersMiddleware:
    """The policy of the editors' areas and the permissions every page gives up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path.startswith(EDITOR_PREFIXES):
            response.headers["Content-Security-Policy"] = EDITOR_POLICY
            # Wagtail previews pages in a frame of its own
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


class ChineseFirstMiddleware(LocaleMiddleware):
    """The language is Chinese until the person switches; a browser's preference does not decide."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class WrongMethodMiddleware:
    """Whoever opens the address of a form, by a reload or a kept link, reads what it is instead of an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            # without the request: the bar would ask the database about a page that is none
            response.content = render_to_string("ui/states/405.html", {"home_url": reverse("tenants:home")})
            # CommonMiddleware, inside of this one, has counted the empty answer
            response.headers["Content-Length"] = str(len(response.content))
        return response


class NoNulMiddleware:
    """Refuses what no keyboard sends and no text of the database can hold: a NUL in an address or in a form (400).

    It stands behind the check of the token, which reads the form anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Raises BadRequest."""
        try:
            sent = request.POST
        except UnreadablePostError:
            # the line broke: the view meets it again and says so
            sent = QueryDict()
        if _has_nul(request.GET) or _has_nul(sent):
            raise BadRequest("NUL in a parameter")


def _has_nul(sent: QueryDict) -> bool:
    return any("\x00" in text for key, values in sent.lists() for text in (key, *values))
