"""The register of places. No foreign key leaves the schema."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Campus(models.Model):
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("校区"), max_length=60, unique=True)
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


class Facility(models.Model):
    """A building, dormitory, canteen or outlet. `code` is what observations and seals name; it never changes."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    aliases = models.CharField(_("别名"), max_length=200, blank=True, help_text=_("多个用“、”隔开"))
    kind = models.CharField(_("类别"), max_length=12, choices=FacilityKind, default=FacilityKind.BUILDING)
    campus = models.ForeignKey(Campus, models.PROTECT, related_name="facilities", verbose_name=_("校区"))
    # the thirteen campus building types; the letters are unverified (see the energy definition)
    building_type = models.CharField(_("建筑类型"), max_length=1, blank=True)
    floor_area = models.DecimalField(_("建筑面积（m²）"), max_digits=12, decimal_places=2, null=True, blank=True)
    heated_area = models.DecimalField(_("采暖面积（m²）"), max_digits=12, decimal_places=2, null=True, blank=True)
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
