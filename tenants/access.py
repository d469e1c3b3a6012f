"""The permission a view of a university needs. A view without it is closed."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import sign_in_first
from tenants.actors import UniversityUnavailable, resolve_actor
from tenants.context import in_university
from tenants.middleware import unavailable
from tenants.queries import desks_of

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Lets the view run for an actor with the permission, else 403. The university's code is already checked and
    is dropped from the arguments: the view has `request.actor`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: str, *args, **kwargs) -> HttpResponse:
            if request.actor is None or request.actor.university_code != code:
                # not reached through the middleware's rules: nobody is let in by mistake
                raise Http404
            if not request.actor.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permission = permission
        return guarded

    return decorate


def requires_outside(permission: str) -> Callable[[View], View]:
    """As `requires`, with the same answers (sign-in, 404, 503, 403), for pages about a university's people: they are
    rows of public, which the university's role cannot read, so the view runs outside the wall.

    The view returns a TemplateResponse; it is rendered inside the university, where the page can show nothing but
    the plain data it was handed and the university's own bar.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: str, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            try:
                actor = resolve_actor(request.user, code)
            except UniversityUnavailable as closed:
                return unavailable(request, closed.state)
            if actor is None:
                raise Http404
            if not actor.may(permission):
                raise PermissionDenied
            request.actor, request.actor_desks = actor, desks_of(request.user)
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                with in_university(code):
                    response.render()
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.required_permission = permission
        return guarded

    return decorate
