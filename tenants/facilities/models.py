"""The register of places. No foreign key leaves the schema."""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

POSITIVE = MinValueValidator(Decimal("0.01"), _("面积要大于 0；不知道就留空。"))


class Campus(models.Model):
    code = models.CharField(
        _("代码"), max_length=20, unique=True, error_messages={"unique": _("这个代码已经用过。")}
    )
    name = models.CharField(
        _("校区"), max_length=60, unique=True, error_messages={"unique": _("这个校区已经登记过。")}
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("校区")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class FacilityKind(models.TextChoices):
    BUILDING = "building", _("楼宇")
    DORMITORY = "dormitory", _("学生公寓")
    CANTEEN = "canteen", _("食堂")
    OUTLET = "outlet", _("商业网点")


class BuildingType(models.TextChoices):
    """The thirteen kinds of campus building. The letters are unverified (see the energy definition)."""

    OFFICE = "A", _("行政办公建筑")
    LIBRARY = "B", _("图书馆建筑")
    TEACHING = "C", _("教学楼建筑")
    RESEARCH = "D", _("科研楼建筑")
    MIXED = "E", _("综合楼建筑")
    SPORTS = "F", _("场馆类建筑")
    DINING = "G", _("食堂餐厅")
    BATH = "H", _("学生集中浴室")
    DORMITORY = "I", _("学生宿舍")
    LABORATORY = "J", _("大型或特殊实验室")
    CLINIC = "K", _("医院")
    GUESTHOUSE = "L", _("交流中心（含招待所、宾馆）")
    OTHER = "M", _("其他")


class Facility(models.Model):
    """A building, dormitory, canteen or outlet. `code` is what observations and seals name; it never changes."""

    code = models.CharField(
        _("代码"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("代码只用字母、数字、- 和 _。"))],
        error_messages={"unique": _("这个代码已经用过。")},
    )
    name = models.CharField(
        _("名称"), max_length=60, unique=True, error_messages={"unique": _("这个名称已经登记过。")}
    )
    aliases = models.CharField(_("别名"), max_length=200, blank=True, help_text=_("多个用“、”隔开"))
    kind = models.CharField(_("类别"), max_length=12, choices=FacilityKind, default=FacilityKind.BUILDING)
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="facilities", verbose_name=_("校区"))
    building_type = models.CharField(_("建筑类型"), max_length=1, blank=True, choices=BuildingType)
    floor_area = models.DecimalField(
        _("建筑面积（m²）"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[POSITIVE]
    )
    heated_area = models.DecimalField(
        _("采暖面积（m²）"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[POSITIVE]
    )
    capacity = models.PositiveIntegerField(_("床位/座位/使用人数"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("建成年"), null=True, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("设施")
        ordering = ["campus__code", "code"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="facility_code_not_empty"),
            models.CheckConstraint(
                condition=models.Q(floor_area__isnull=True) | models.Q(floor_area__gt=0),
                name="facility_area_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name
