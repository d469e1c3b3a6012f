"""Universities and who works for them."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import TenantMixin


class UniversityKind(models.TextChoices):
    COMPREHENSIVE = "comprehensive", _("综合类")
    ENGINEERING = "engineering", _("理工类")
    NORMAL = "normal", _("师范类")
    MEDICAL = "medical", _("医药类")
    FINANCE = "finance", _("财经政法类")
    AGRICULTURE = "agriculture", _("农林类")
    ARTS = "arts", _("艺术体育类")
    VOCATIONAL = "vocational", _("高职高专")


class UniversityState(models.TextChoices):
    PROVISIONING = "provisioning", _("开通中")
    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("停用")


class University(TenantMixin):
    """A member university, one schema. Created by tenants.operations.create_university, never by save() alone."""

    auto_create_schema = False
    auto_drop_schema = False

    code = models.CharField(
        _("代码"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9]{1,19}$", _("代码用小写字母和数字，以字母开头。"))],
    )
    name = models.CharField(_("校名"), max_length=60, unique=True)
    name_en = models.CharField(_("英文校名"), max_length=120, blank=True)
    short_name = models.CharField(_("简称"), max_length=20)
    kind = models.CharField(_("类型"), max_length=16, choices=UniversityKind)
    district = models.CharField(_("所在区"), max_length=20)
    # the embedded database has no ICU collation
    pinyin_key = models.CharField(_("拼音排序"), max_length=200, editable=False)
    state = models.CharField(
        _("状态"), max_length=12, choices=UniversityState, default=UniversityState.PROVISIONING
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("高校")
        ordering = ["pinyin_key"]

    def __str__(self) -> str:
        return self.name


class UniversityAlias(models.Model):
    """Another name a workbook may carry. No two universities share one."""

    university = models.ForeignKey(University, models.CASCADE, related_name="aliases", verbose_name=_("高校"))
    alias = models.CharField(_("别名"), max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("别名")

    def __str__(self) -> str:
        return self.alias


class UniversityYear(models.Model):
    """Sizes of one year, as the association knows them: they choose the cohort and prefill the denominators."""

    university = models.ForeignKey(University, models.CASCADE, related_name="years", verbose_name=_("高校"))
    year = models.PositiveSmallIntegerField(_("年度"))
    students = models.PositiveIntegerField(_("在校学生（人）"))
    staff = models.PositiveIntegerField(_("教职工（人）"))
    floor_area = models.DecimalField(_("建筑面积（m²）"), max_digits=12, decimal_places=2)
    heated_area = models.DecimalField(_("采暖面积（m²）"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = _("年度规模")
        constraints = [models.UniqueConstraint(fields=["university", "year"], name="university_year_once")]

    def __str__(self) -> str:
        return f"{self.university} {self.year}"


class UniversityRole(models.TextChoices):
    CLERK = "clerk", _("填报人")
    APPROVER = "approver", _("审核人")
    CORRESPONDENT = "correspondent", _("通讯员")


class Membership(models.Model):
    """What a person does at a university. One person may hold several; four eyes are kept per filing (§7)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("人员")
    )
    university = models.ForeignKey(
        University, models.CASCADE, related_name="memberships", verbose_name=_("高校")
    )
    role = models.CharField(_("角色"), max_length=16, choices=UniversityRole)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("学校人员")
        constraints = [
            models.UniqueConstraint(fields=["user", "university", "role"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.university} {self.get_role_display()}"


class Substitution(models.Model):
    """Somebody of a university signs for an approver between two days, both included. It ends by itself; ended early,
    the row stays. Whether it holds at this moment is decided in one place, actors.signs_for."""

    university = models.ForeignKey(
        University, models.CASCADE, related_name="substitutions", verbose_name=_("高校")
    )
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="represented_by", verbose_name=_("审核人")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="represents", verbose_name=_("代签人")
    )
    starts_on = models.DateField(_("从"))
    ends_on = models.DateField(_("到"))
    reason = models.CharField(_("原因"), max_length=300)
    named_by_id = models.BigIntegerField()
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代签")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="substitution_days_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("substitute")), name="substitution_by_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.university_id}：{self.substitute_id} → {self.principal_id}"
