"""The register from a table: upload, preview, confirm."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.access import requires
from tenants.facilities import imports
from tenants.facilities.forms import FileForm
from tenants.facilities.resources import COLUMNS
from tenants.facilities.views import url
from tenants.tables import Refused

MAX_BYTES = 5 * 1024 * 1024


@requires("facilities.edit")
def upload(request: HttpRequest) -> HttpResponse:
    """Asks for a file and shows what it would change; nothing is written yet."""
    if request.method != "POST":
        return _ask(request)
    form = FileForm(request.POST, request.FILES)
    if getattr(request, "upload_too_large", False) or (
        form.is_valid() and form.cleaned_data["file"].size > MAX_BYTES
    ):
        limit = min(MAX_BYTES, settings.UPLOAD_MAX_BYTES) // 1024**2
        return _ask(request, _("文件超过 %(n)s MB。删掉图片和无关的表再传。") % {"n": limit}, status=413)
    if not form.is_valid():
        return _ask(request, _("没有选文件，或者文件是空的。"))
    try:
        preview = imports.preview(form.cleaned_data["file"].read(), actor=request.actor)
    except Refused as error:
        return _ask(request, f"{error.what}{error.remedy}")
    return _show(request, preview)


@require_POST
@requires("facilities.edit")
def confirm(request: HttpRequest) -> HttpResponse:
    try:
        done = imports.confirm(request.POST.get("token", ""), actor=request.actor)
    except imports.PreviewGone:
        messages.error(request, _("没有写入：预览已经过期。再传一次文件。"))
        return redirect(url(request, "import"))
    except imports.ImportRefused as error:
        messages.error(request, _("没有写入：预览以后台账有改动，下面这些行要先改。"))
        return _show(request, error.preview)
    words = {"new": len(done.new), "changed": len(done.changed)}
    messages.success(request, _("已写入：新增 %(new)s 处，改动 %(changed)s 处。") % words)
    return redirect(url(request, "list"))


def _ask(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    context = {"error": error, "max_bytes": MAX_BYTES, "columns": list(COLUMNS.values())}
    return render(request, "facilities/import.html", context, status=status)


def _show(request: HttpRequest, preview: imports.Preview) -> HttpResponse:
    return render(request, "facilities/preview.html", {"preview": preview})
