"""The register by hand: list, one facility, campuses, export."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.spreadsheet import TYPES, Sheet, download
from tenants.access import requires
from tenants.facilities import operations
from tenants.facilities.forms import CampusForm, FacilityForm, FilterForm
from tenants.facilities.models import Campus, Facility
from tenants.facilities.queries import campuses, search
from tenants.facilities.resources import COLUMNS, FacilityResource, shown

ROWS = 50


def url(request: HttpRequest, name: str, *args) -> str:
    """An address of the register of the actor's university."""
    return reverse(f"facilities:{name}", args=[request.actor.university_code, *args])


@requires("facilities.view")
def listing(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET or {"state": "active"})
    form.is_valid()
    page = Paginator(search(**form.filters()), ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "campuses": campuses(), "any": Facility.objects.exists()}
    return render(request, "facilities/list.html", context)


@requires("facilities.edit")
def add(request: HttpRequest) -> HttpResponse:
    if not Campus.objects.exists():
        return redirect(url(request, "add_campus"))
    form = FacilityForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        operations.save_facility(
            facility=form.save(commit=False), actor=request.actor, fields=form.changed_data
        )
        return redirect(url(request, "list"))
    return render(request, "facilities/facility.html", {"form": form, "facility": None})


@requires("facilities.view")
def detail(request: HttpRequest, facility: str) -> HttpResponse:
    """One facility: a form for who may edit, facts for who may look."""
    row = get_object_or_404(Facility.objects.select_related("campus"), code=facility)
    if not request.actor.may("facilities.edit"):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "facilities/facility.html", {"facility": row, "facts": _facts(row)})
    form = FacilityForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.save_facility(
            facility=form.save(commit=False), actor=request.actor, fields=form.changed_data
        )
        return redirect(url(request, "list"))
    return render(request, "facilities/facility.html", {"form": form, "facility": row})


@require_POST
@requires("facilities.edit")
def deactivate(request: HttpRequest, facility: str) -> HttpResponse:
    return _switch(request, facility, active=False)


@require_POST
@requires("facilities.edit")
def activate(request: HttpRequest, facility: str) -> HttpResponse:
    return _switch(request, facility, active=True)


@requires("facilities.edit")
def add_campus(request: HttpRequest) -> HttpResponse:
    return _campus_form(request, None)


@requires("facilities.edit")
def campus(request: HttpRequest, pk: int) -> HttpResponse:
    return _campus_form(request, get_object_or_404(Campus, pk=pk))


@requires("facilities.view")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole register, also what is out of use: changed and imported again it comes back the same."""
    if kind not in TYPES:
        raise Http404
    fields = [FacilityResource().fields[name] for name in COLUMNS]
    rows = [[field.export(row) for field in fields] for row in search(state="all")]
    name = _("%(university)s设施台账") % {"university": request.actor.university_name}
    return download(name, kind, [Sheet(_("设施"), list(COLUMNS.values()), rows)])


def _switch(request: HttpRequest, code: str, *, active: bool) -> HttpResponse:
    row = get_object_or_404(Facility, code=code)
    operations.set_active(facility=row, active=active, actor=request.actor)
    return redirect(url(request, "detail", code))


def _campus_form(request: HttpRequest, row: Campus | None) -> HttpResponse:
    form = CampusForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.save_campus(campus=form.save(commit=False), actor=request.actor, fields=form.changed_data)
        return redirect(url(request, "list"))
    return render(request, "facilities/campus.html", {"form": form, "campus": row})


def _facts(row: Facility) -> list[tuple[str, object]]:
    resource = FacilityResource()
    return [
        (column, shown(resource.fields[name].export(row)))
        for name, column in COLUMNS.items()
        if name != "name"
    ]
