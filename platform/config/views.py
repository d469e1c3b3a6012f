"""Answers that belong to no room: health, and what CSRF says."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """The process can work: the database answers. A missing broker is told, not fatal: jobs wait in the database."""
    state = {"database": _works(_ask_database), "cache": _works(lambda: cache.get("global:ready"))}
    return JsonResponse(state, status=200 if state["database"] else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _works(question) -> bool:
    try:
        question()
    except Exception:  # whatever the driver raises, the answer is "no"
        return False
    return True
