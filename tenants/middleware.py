"""Enters the university of /u/<code>/… after the person is known and leaves it before the session is saved."""

import logging
import re
from collections.abc import Callable

import psycopg.errors
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import sign_in_first
from tenants.actors import UniversityUnavailable, resolve_actor
from tenants.context import in_university
from tenants.queries import desks_of

logger = logging.getLogger(__name__)

NOT_READY = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InvalidSchemaName,
    # what SET ROLE says when the role does not exist
    psycopg.errors.InvalidParameterValue,
    psycopg.errors.UndefinedObject,
)
NOT_MIGRATED = "not_migrated"
PATH = re.compile(r"^/u/(?P<code>[^/]*)/")


class ScopeMiddleware:
    """Anonymous → sign-in; no membership → 404; university not open or not migrated → 503; else inside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.schema_name != "public":
            # a connection that was left inside a university must not serve anyone
            connection.set_schema_to_public()
        request.actor = None
        match = PATH.match(request.path_info)
        if not match:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return self._inside(request, match["code"])

    def _inside(self, request: HttpRequest, code: str) -> HttpResponse:
        try:
            request.actor = resolve_actor(request.user, code)
        except UniversityUnavailable as closed:
            return unavailable(request, closed.state)
        if request.actor is None:
            raise Http404
        request.actor_desks = desks_of(request.user)
        with in_university(code):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A university whose role, schema or tables are missing is closed, not broken."""
        if request.actor and is_not_ready(exception.__cause__ or exception):
            logger.error("university %s is not ready: %s", request.actor.university_code, exception)
            connection.set_schema_to_public()
            # the bar of a university that is not ready would ask it for its counts
            request.actor = None
            return unavailable(request, NOT_MIGRATED)
        return None


def is_not_ready(error: BaseException) -> bool:
    """Whether the database says that a university's schema, role or tables are missing. A role that the login may not
    take is missing too; any other lack of privilege is a fault of the code."""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return "to set role" in str(error)
    return isinstance(error, NOT_READY)


def unavailable(request: HttpRequest, state: str) -> HttpResponse:
    """503 with the reason and what to do: the university is suspended, being opened, or behind the code."""
    return render(request, "tenants/closed.html", {"state": state}, status=503)
