"""An approver's page about who signs in the approver's absence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.access import requires_outside
from tenants.forms import SubstituteForm
from tenants.models import Substitution, University
from tenants.people import substitutes_of
from tenants.substitutions import (
    SubstitutionError,
    approvers,
    candidates,
    end_substitution,
    name_substitute,
)


@requires_outside("people.manage")
def substitutes(request: HttpRequest) -> HttpResponse:
    """Who signs for whom and when, and the form to name somebody."""
    code, now = request.actor.university_code, timezone.now()
    university = University.objects.get(code=code)
    form = SubstituteForm(
        request.POST or None,
        approvers=approvers(university),
        candidates=candidates(university),
        initial={"principal": request.user.pk, "starts_on": timezone.localdate(now)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = name_substitute(university=university, **form.people(), actor_id=request.user.pk, now=now)
        except SubstitutionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("已指定%(name)s代签，到期自动失效。") % {"name": made.substitute.name}
            )
            return redirect("tenants:substitutes", code)
    context = {
        "code": code,
        "form": form,
        "rows": substitutes_of(university, now=now),
        "crumbs": [(_("本校人员"), reverse("tenants:people", args=[code])), _("代签")],
        "nobody": not candidates(university),
    }
    return TemplateResponse(
        request, "tenants/substitutes.html", context, status=400 if form.is_bound else 200
    )


@require_POST
@requires_outside("people.manage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a substitution before its time."""
    code = request.actor.university_code
    found = get_object_or_404(Substitution, pk=pk, university__code=code)
    end_substitution(substitution=found, actor_id=request.user.pk, now=timezone.now())
    messages.success(request, _("代签已结束，立即生效。"))
    return redirect("tenants:substitutes", code)
