"""What every import through django-import-export has in common here."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from audit.operations import record
from tenants import provisioning
from tenants.models import University, UniversityKind, UniversityYear
from tenants.widgets import NumberWidget, TextWidget, WordWidget


class Resource(resources.ModelResource):
    """A table of one model. Numbers of rows are given by the database: sequences are never reset, which neither the
    application's nor a university's role may do."""

    def after_import(self, dataset, result, **kwargs):
        """Nothing, on purpose: the library's own resets the sequence and takes back the import when it may not."""


class UniversityWidget(widgets.Widget):
    """A university by its code."""

    def clean(self, value, row=None, **kwargs):
        found = University.objects.filter(code=str(value or "").strip()).first()
        if found is None:
            raise ValueError(_("没有代码为“%(code)s”的学校。") % {"code": value})
        return found

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class UniversityResource(Resource):
    """The universities by 代码. A new one is queued for building, as from the form."""

    code = fields.Field("code", "代码", TextWidget())
    name = fields.Field("name", "校名", TextWidget())
    name_en = fields.Field("name_en", "英文校名", TextWidget())
    short_name = fields.Field("short_name", "简称", TextWidget())
    kind = fields.Field("kind", "类型", WordWidget(UniversityKind))
    district = fields.Field("district", "所在区", TextWidget())

    class Meta:
        model = University
        fields = ("code", "name", "name_en", "short_name", "kind", "district")
        import_id_fields = ("code",)
        clean_model_instances = skip_unchanged = report_skipped = True

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        instance.is_new = instance._state.adding
        provisioning.prepare(instance)
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            # the table's headers, not the columns of the database
            headers = {name: field.column_name for name, field in self.fields.items()}
            raise ValidationError({headers.get(n, n): e for n, e in error.error_dict.items()}) from error

    def after_save_instance(self, instance, row, *, user=None, dry_run: bool = False, **kwargs):
        if not instance.is_new:
            _trail(
                instance.code, "university.imported", "university", instance.code, user=user, dry_run=dry_run
            )
            return
        provisioning.name_university(instance)
        if not dry_run:
            provisioning.queue(instance, actor_id=user and user.pk, actor_name=user.name if user else "")


class YearResource(Resource):
    """Sizes by university and year; the association's own figures, hence new rows are welcome."""

    university = fields.Field("university", "学校代码", UniversityWidget())
    year = fields.Field("year", "年度", NumberWidget(0, integer=True, low=1990, high=2100))
    students = fields.Field("students", "在校学生", NumberWidget(0, integer=True))
    staff = fields.Field("staff", "教职工", NumberWidget(0, integer=True))
    floor_area = fields.Field("floor_area", "建筑面积", NumberWidget(2))
    heated_area = fields.Field("heated_area", "采暖面积", NumberWidget(2))

    class Meta:
        model = UniversityYear
        fields = ("university", "year", "students", "staff", "floor_area", "heated_area")
        import_id_fields = ("university", "year")
        clean_model_instances = skip_unchanged = report_skipped = True

    def after_save_instance(self, instance, row, **kwargs):
        code = instance.university.code
        _trail(code, "sizes.imported", "university_year", f"{code} {instance.year}", **kwargs)


def _trail(
    code: str, action: str, kind: str, object_id: str, *, user=None, dry_run: bool = False, **kwargs
) -> None:
    if not dry_run:
        record(
            actor_id=user and user.pk,
            university_code=code,
            action=action,
            object_type=kind,
            object_id=object_id,
        )
