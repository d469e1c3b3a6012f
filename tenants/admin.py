"""Universities and who works for them, in /ops/, for operators. Every change goes through operations or is recorded."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin

from accounts import operations as accounts
from accounts.models import Assignment
from audit.operations import record
from jobs.models import Job
from tenants import operations, provisioning
from tenants.formats import formats_of
from tenants.models import Membership, University, UniversityAlias, UniversityState, UniversityYear
from tenants.names import split_aliases
from tenants.resources import UniversityResource, YearResource
from tenants.tables import Refused


class Tabular(ImportExportMixin, admin.ModelAdmin):
    """Import with a preview and export, through the house's reader and writer."""

    resource_classes = ()
    show_change_form_export = False

    def get_import_formats(self):
        return formats_of(self.resource_classes[0])

    def get_export_formats(self):
        return formats_of(self.resource_classes[0])

    def add_data_read_fail_error_to_form(self, form, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        form.add_error("import_file", str(error))

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class UniversityForm(forms.ModelForm):
    """A change of what is known of a university."""

    def clean_short_name(self) -> str:
        name = self.cleaned_data["short_name"]
        provisioning.check_aliases([name], own=self.instance)
        return name


class OrderForm(UniversityForm):
    """A new university. The other names are those its workbooks carry."""

    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_("学校的表格里会出现的其他写法，用“、”分开；简称不用再写。"),
    )

    class Meta:
        model = University
        fields = ("code", "name", "name_en", "short_name", "kind", "district")
        help_texts = {"code": _("写在地址里（/u/代码/），以后不变：小写字母和数字，以字母开头，如 jiazi。")}

    field_order = (*Meta.fields, "aliases")

    def clean_aliases(self) -> list[str]:
        names = split_aliases(self.cleaned_data["aliases"])
        provisioning.check_aliases(names)
        return names


class AliasInline(admin.TabularInline):
    model = UniversityAlias
    extra = 0


class YearInline(admin.TabularInline):
    model = UniversityYear
    extra = 0
    can_delete = False


@admin.register(University)
class UniversityAdmin(Tabular):
    """The universities. A new one is built by the provisioning queue; until then its pages answer 503."""

    resource_classes = (UniversityResource,)
    form = UniversityForm
    list_display = ("name", "code", "short_name", "kind", "district", "state", "building")
    list_filter = ("state", "kind", "district")
    search_fields = ("name", "short_name", "code", "aliases__alias")
    fields = ("code", "name", "name_en", "short_name", "kind", "district", "state", "created_at")
    readonly_fields = ("code", "state", "created_at")
    inlines = (AliasInline, YearInline)
    actions = ("suspend", "reopen", "build_again")

    def get_fields(self, request: HttpRequest, obj: University | None = None):
        return self.fields if obj else OrderForm.base_fields

    def get_readonly_fields(self, request: HttpRequest, obj: University | None = None):
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: University | None):
        return self.inlines if obj else ()

    def get_form(self, request: HttpRequest, obj: University | None = None, **kwargs):
        return super().get_form(request, obj, **kwargs, **({} if obj else {"form": OrderForm}))

    @admin.display(description=_("开通"))
    def building(self, university: University) -> str:
        """How far the building of a university is that is not open yet."""
        if university.state != UniversityState.PROVISIONING:
            return ""
        jobs = Job.objects.filter(kind=provisioning.PROVISION, university_code=university.code)
        job = jobs.order_by("-created_at").first()
        if job is None:
            return _("没有任务：重新开通")
        return f"{job.get_state_display()} {job.message or job.stage}".strip()

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: University, form, change: bool) -> None:
        provisioning.prepare(obj)
        super().save_model(request, obj, form, change)
        if not change:
            provisioning.name_university(obj, form.cleaned_data["aliases"])
            self._build(request, obj)
        elif "short_name" in form.changed_data:
            provisioning.name_university(obj)

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            return
        fields = list(form.changed_data) + [formset.prefix for formset in formsets if formset.has_changed()]
        code = form.instance.code
        record(
            actor_id=request.user.pk,
            university_code=code,
            action="university.changed",
            object_type="university",
            object_id=code,
            fields=fields,
        )

    @admin.action(description=_("停用所选高校（页面改答 503，数据不动）"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[University]) -> None:
        self._set_state(request, queryset, UniversityState.SUSPENDED)

    @admin.action(description=_("恢复所选高校"))
    def reopen(self, request: HttpRequest, queryset: QuerySet[University]) -> None:
        self._set_state(request, queryset, UniversityState.ACTIVE)

    @admin.action(description=_("重新开通所选高校（停在“开通中”的）"))
    def build_again(self, request: HttpRequest, queryset: QuerySet[University]) -> None:
        for university in queryset.filter(state=UniversityState.PROVISIONING):
            self._build(request, university)

    def _build(self, request: HttpRequest, university: University) -> None:
        provisioning.queue(university, actor_id=request.user.pk, actor_name=request.user.name)
        text = _("%(university)s已排队开通，通常几秒完成；刷新本页看结果。")
        self.message_user(request, text % {"university": university.name})

    def _set_state(
        self, request: HttpRequest, queryset: QuerySet[University], state: UniversityState
    ) -> None:
        for university in queryset.exclude(state=UniversityState.PROVISIONING):
            operations.set_state(university=university, state=state, actor_id=request.user.pk)
            self.log_change(request, university, state.label)


@admin.register(UniversityYear)
class UniversityYearAdmin(Tabular):
    resource_classes = (YearResource,)
    list_display = ("university", "year", "students", "staff", "floor_area", "heated_area")
    list_filter = ("year", "university")
    list_select_related = ("university",)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: UniversityYear, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            actor_id=request.user.pk,
            university_code=obj.university.code,
            action="sizes.changed",
            object_type="university_year",
            object_id=f"{obj.university.code} {obj.year}",
            fields=form.changed_data,
        )


class RoleForm(forms.ModelForm):
    """Says at the form what operations would refuse."""

    def clean(self) -> dict:
        data = super().clean()
        user = data.get("user")
        inside = "university" in self.fields
        if user and operations.is_kept_apart(user, inside=inside, role=data.get("role", "")):
            raise ValidationError(_("秘书处和市教委的人不能同时在学校任职：先收回另一边的角色。"))
        return data


class RoleAdmin(admin.ModelAdmin):
    """A role is given and taken, never changed."""

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def get_form(self, request: HttpRequest, obj=None, **kwargs):
        return super().get_form(request, obj, form=RoleForm, **kwargs)


@admin.register(Assignment)
class AssignmentAdmin(RoleAdmin):
    list_display = ("user", "role", "committee_code", "created_at")
    list_filter = ("role", "committee_code")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)

    def save_model(self, request: HttpRequest, obj: Assignment, form, change: bool) -> None:
        given = operations.assign(
            user=obj.user, role=obj.role, committee_code=obj.committee_code, actor_id=request.user.pk
        )
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        accounts.unassign(assignment=obj, actor_id=request.user.pk)


@admin.register(Membership)
class MembershipAdmin(RoleAdmin):
    list_display = ("user", "university", "role", "created_at")
    list_filter = ("role", "university")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user", "university")

    def save_model(self, request: HttpRequest, obj: Membership, form, change: bool) -> None:
        given = operations.add_member(
            user=obj.user, university=obj.university, role=obj.role, actor_id=request.user.pk
        )
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        operations.remove_member(membership=obj, actor_id=request.user.pk, last=True)
