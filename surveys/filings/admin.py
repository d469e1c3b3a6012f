"""What universities owe, in /ops/: where each stands, without a value, and an import of a university's workbook for
an office that cannot do it itself."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from import_export.admin import ImportMixin
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.results import Result
from import_export.tmp_storages import CacheStorage

from surveys.catalog.models import Obligation
from surveys.filings.errors import FilingError
from surveys.filings.operations.drafts import WRITABLE
from surveys.filings.resources import FilingResource, WorkbookFormat
from tenants.actors import Actor
from tenants.models import University

OPERATOR = _("%(name)s（运维）")
# objections that are said of a confirmation; the preview shows them all
SAID = 3


def _writable():
    return (
        Obligation.objects.filter(state__in=WRITABLE)
        .select_related("round")
        .order_by("round", "university_code")
    )


class _Reports(forms.ModelChoiceField):
    """Reports by the university's name and the round's title."""

    @cached_property
    def names(self) -> dict[str, str]:
        return dict(University.objects.values_list("code", "name"))

    def label_from_instance(self, obligation: Obligation) -> str:
        name = self.names.get(obligation.university_code, obligation.university_code)
        return " · ".join(filter(None, [name, obligation.round.title, obligation.unit]))


class _Target(forms.Form):
    """Whose report the workbook is for."""

    obligation = _Reports(label=_("哪所高校的哪份报表"), queryset=Obligation.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["obligation"].queryset = _writable()


class WorkbookImportForm(_Target, ImportForm):
    """The file and whom it is for."""


class ConfirmWorkbookForm(_Target, ConfirmImportForm):
    """The same, carried to the confirmation."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["obligation"].widget = forms.HiddenInput()
        self.fields["obligation"].error_messages["invalid_choice"] = _(
            "这份报表现在不能写，可能已提交或已封存。"
        )

    def clean_format(self) -> str:
        """There is one format; another number is nobody's choice."""
        if self.cleaned_data["format"] != "0":
            raise forms.ValidationError(_("不是这一页的确认。重新选文件。"))
        return "0"


class OnceStorage(CacheStorage):
    """Where the file lies between the preview and the confirmation."""

    def take(self) -> None:
        """Whoever confirms first takes it. Raises FilingError for everybody after, and where there is no file."""
        key = self.CACHE_PREFIX + self.name
        if self.read() is None or not cache.add(f"{key}-taken", True, self.CACHE_LIFETIME):
            raise FilingError(gettext("这份文件已经写入，或放得太久不在了，没有再写。重新选文件。"))


@admin.register(Obligation)
class ObligationAdmin(ImportMixin, admin.ModelAdmin):
    """Read only but for the import. The import is recorded by the filing's own trail."""

    resource_classes = (FilingResource,)
    import_form_class = WorkbookImportForm
    confirm_form_class = ConfirmWorkbookForm
    tmp_storage_class = OnceStorage
    skip_admin_log = True
    list_display = ("round", "university_code", "unit", "state", "state_at", "first_sealed_at")
    list_filter = ("round", "state")
    search_fields = ("university_code",)
    list_select_related = ("round",)

    def get_import_formats(self) -> list[type]:
        return [WorkbookFormat]

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs) -> dict:
        form = kwargs.get("form")
        obligation = form.cleaned_data.get("obligation") if form is not None and form.is_bound else None
        return {"obligation": obligation, "actor": obligation and _actor(request, obligation)}

    def get_confirm_form_initial(self, request: HttpRequest, import_form) -> dict:
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["obligation"] = import_form.cleaned_data["obligation"].pk
        return initial

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """The confirmation. What stands in the way is said on the import page, and nothing is written."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        if not form.is_valid():
            texts = [text for errors in form.errors.values() for text in errors]
            return self._refuse(request, _not_written(texts))
        try:
            OnceStorage(name=form.cleaned_data["import_file_name"]).take()
            return super().process_import(request, **kwargs)
        except FilingError as error:
            return self._refuse(request, str(error))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        if result.has_errors():
            return self._refuse(request, _not_written([str(each.error) for each in result.base_errors]))
        return super().process_result(result, request)

    def _refuse(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        return redirect("admin:catalog_obligation_import")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_obligation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


def _not_written(texts: list[str]) -> str:
    return gettext("没有写入：%(why)s") % {"why": " ".join(texts[:SAID])}


def _actor(request: HttpRequest, obligation: Obligation) -> Actor:
    """The operator as a hand in the university's filing: named for what they are, and not a signer."""
    university = University.objects.get(code=obligation.university_code)
    name = str(OPERATOR) % {"name": request.user.name}
    return Actor(request.user.pk, name, university.code, university.name, frozenset(), frozenset())
