"""The permission a view under /u/ needs. A view without it is closed."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Lets the view run for an actor with the permission, else 403. The university's code is already checked and
    is dropped from the arguments: the view has `request.actor`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: str, *args, **kwargs) -> HttpResponse:
            if not request.actor.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permission = permission
        return guarded

    return decorate
