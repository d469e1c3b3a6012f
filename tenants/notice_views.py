"""Messages: at a university through the actor, outside through the person. The rows are the notices app's, which lies
below and knows neither."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from notices.operations import mark_read
from notices.queries import inbox
from tenants.access import requires
from tenants.inbox import whose

ROWS = 30


@requires("notices.view")
def university(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@requires("notices.view")
def read_university(request: HttpRequest) -> HttpResponse:
    return _read_all(request)


@require_POST
@requires("notices.view")
def open_university(request: HttpRequest, pk: int) -> HttpResponse:
    return _open(request, pk)


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@signed_in
def read_mine(request: HttpRequest) -> HttpResponse:
    return _read_all(request)


@require_POST
@signed_in
def open_mine(request: HttpRequest, pk: int) -> HttpResponse:
    return _open(request, pk)


def _list(request: HttpRequest) -> HttpResponse:
    """The messages of this place and how many of them are new: the bar may count another's."""
    rows = inbox(**whose(request))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "new_count": rows.filter(is_new=True).count(), **_urls(request)}
    return render(request, "notices/list.html", context)


def _read_all(request: HttpRequest) -> HttpResponse:
    mark_read(notices=inbox(**whose(request)).filter(is_new=True), user_id=request.user.pk)
    return redirect(_urls(request)["list_url"])


def _open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read and goes where it leads."""
    notice = get_object_or_404(inbox(**whose(request)), pk=pk)
    mark_read(notices=[notice], user_id=request.user.pk)
    safe = notice.path and url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if safe else _urls(request)["list_url"])


def _urls(request: HttpRequest) -> dict[str, str]:
    if request.actor:
        code = request.actor.university_code
        base = {
            "list_url": reverse("notices:list", args=[code]),
            "read_url": reverse("notices:read", args=[code]),
        }
    else:
        base = {"list_url": reverse("tenants:notices"), "read_url": reverse("tenants:read_notices")}
    return base
