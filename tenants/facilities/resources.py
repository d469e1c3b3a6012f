"""The register as a table with Chinese headers, in and out, through django-import-export.

Every refusal names the column, the value and what to write instead; one bad row does not hide the others.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, widgets

from tenants.facilities.models import BuildingType, Campus, Facility, FacilityKind
from tenants.facilities.operations import next_code
from tenants.names import split_aliases
from tenants.resources import Resource
from tenants.widgets import NumberWidget, TextWidget, WordWidget, YesWidget
from ui.formats import number


class CampusWidget(widgets.Widget):
    """A campus by its name or code."""

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        campuses = {c.name: c for c in Campus.objects.all()}
        found = campuses.get(text) or {c.code: c for c in campuses.values()}.get(text)
        if found:
            return found
        if not text:
            raise ValueError(_("校区没有填。"))
        words = {"value": text, "names": "、".join(campuses) or _("（还没有）")}
        raise ValueError(_("校区“%(value)s”没有登记。改成已有的：%(names)s；或先添加这个校区。") % words)

    def render(self, value, obj=None, **kwargs):
        return value.name if value else ""


class AliasWidget(TextWidget):
    def clean(self, value, row=None, **kwargs):
        return "、".join(split_aliases(super().clean(value)))


class FacilityResource(Resource):
    """Rows are found by 代码; without one by 名称, else they are new and get the next code of their kind."""

    code = fields.Field("code", "代码", TextWidget())
    name = fields.Field("name", "名称", TextWidget())
    aliases = fields.Field("aliases", "别名", AliasWidget())
    kind = fields.Field("kind", "类别", WordWidget(FacilityKind, default=FacilityKind.BUILDING))
    campus = fields.Field("campus", "校区", CampusWidget())
    building_type = fields.Field("building_type", "建筑类型", WordWidget(BuildingType))
    floor_area = fields.Field("floor_area", "建筑面积", NumberWidget(2))
    heated_area = fields.Field("heated_area", "采暖面积", NumberWidget(2))
    capacity = fields.Field("capacity", "床位/座位/使用人数", NumberWidget(0, integer=True, high=10**6))
    built_year = fields.Field("built_year", "建成年", NumberWidget(0, integer=True, low=1850, high=2100))
    is_active = fields.Field("is_active", "在用", YesWidget())

    class Meta:
        model = Facility
        fields = (
            "code", "name", "aliases", "kind", "campus", "building_type", "floor_area", "heated_area", "capacity",
            "built_year", "is_active",
        )  # fmt: skip
        import_id_fields = ("code",)
        clean_model_instances = True
        skip_unchanged = report_skipped = store_instance = True
        # the library's comparison is HTML with style attributes; imports.py compares values instead
        skip_html_diff = True
        use_transactions = True

    def before_import(self, dataset, **kwargs):
        self._seen: dict[tuple[str, str], int] = {}

    def before_import_row(self, row, *, row_number: int, numbers: list[int], **kwargs):
        """`numbers` are the rows' numbers in the file. Two rows of one facility would overwrite one another."""
        code, name = (TextWidget().clean(row.get(column)) for column in ("代码", "名称"))
        number = numbers[row_number - 1]
        for column, word in (("code", code), ("name", name)):
            earlier = self._seen.setdefault((column, word), number) if word else number
            if earlier != number:
                raise ValidationError({column: _("和第 %(n)s 行是同一处设施，只留一行。") % {"n": earlier}})
        row["代码"] = code or self._code_for(row)

    def _code_for(self, row) -> str:
        known = Facility.objects.filter(name=TextWidget().clean(row.get("名称"))).values_list(
            "code", flat=True
        )
        if known:
            return known[0]
        try:
            return next_code(self.fields["kind"].widget.clean(row.get("类别")))
        except ValueError:
            # the kind is refused at its own column
            return next_code(FacilityKind.BUILDING)


def shown(value: object) -> str:
    """An exported value for a page: areas with separators and no idle zeros."""
    if isinstance(value, Decimal):
        return number(value)
    return "" if value is None else str(value)


COLUMNS = {name: field.column_name for name, field in FacilityResource().fields.items()}
