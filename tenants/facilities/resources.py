"""The register as a table with Chinese headers, in and out, through django-import-export.

Every refusal names the column, the value and what to write instead; one bad row does not hide the others.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, widgets

from tenants.facilities.models import BuildingType, Campus, Facility, FacilityKind
from tenants.facilities.operations import next_code
from tenants.facilities.queries import split_aliases
from tenants.resources import Resource

YES, NO = {"是", "在用", "y", "yes", "1", "true"}, {"否", "停用", "n", "no", "0", "false"}
# written instead of a number where there is none; an empty cell is left empty, never made zero
BLANK = {"", "-", "—", "/", "无", "暂无"}


class NumberWidget(widgets.Widget):
    """A number as people write it: 1,234.5, 1.2万. Blank stays blank."""

    def __init__(self, places: int, *, integer: bool = False, low: int = 0, high: int = 10**9):
        super().__init__()
        self.places, self.integer, self.low, self.high = places, integer, low, high

    def clean(self, value, row=None, **kwargs):
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        if text in BLANK:
            return None
        try:
            number = Decimal(text.removesuffix("万")) * (10000 if text.endswith("万") else 1)
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(_("“%(value)s”不是数。只写数字，不知道就留空。") % {"value": value}) from None
        if not self.low <= number <= self.high:
            words = {"value": value, "low": self.low, "high": self.high}
            raise ValueError(_("“%(value)s”不在 %(low)s 到 %(high)s 之间。") % words)
        if self.integer and number != number.to_integral_value():
            raise ValueError(_("“%(value)s”要写整数。") % {"value": value})
        return int(number) if self.integer else round(number, self.places)

    def render(self, value, obj=None, **kwargs):
        return value


class WordWidget(widgets.Widget):
    """A choice by its word or its code."""

    def __init__(self, choices, *, default: str = ""):
        super().__init__()
        self.choices, self.default = choices, default

    def clean(self, value, row=None, **kwargs):
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return self.default
        for code, word in self.choices.choices:
            if text.lower() == code.lower() or text == unicodedata.normalize("NFKC", str(word)):
                return code
        words = "、".join(str(word) for word in self.choices.labels)
        raise ValueError(_("“%(value)s”不在可选之列：%(words)s。") % {"value": value, "words": words})

    def render(self, value, obj=None, **kwargs):
        return str(dict(self.choices.choices).get(value, ""))


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


class YesWidget(widgets.Widget):
    """是 or 否; blank means 是."""

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip().lower()
        if not text or text in YES:
            return True
        if text in NO:
            return False
        raise ValueError(_("“%(value)s”认不出来，写“是”或“否”。") % {"value": value})

    def render(self, value, obj=None, **kwargs):
        return "是" if value else "否"


class TextWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return re.sub(r"\s+", " ", str(value or "")).strip()

    def render(self, value, obj=None, **kwargs):
        return value or ""


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


COLUMNS = {name: field.column_name for name, field in FacilityResource().fields.items()}
