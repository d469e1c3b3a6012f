"""People and what the association lets them do. Memberships of universities are in tenants."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    """Users are found by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Deactivated and anonymised, never deleted: papers keep their author's number."""

    email = models.EmailField(_("电子邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    is_staff = models.BooleanField(_("可进入运维后台"), default=False)
    is_active = models.BooleanField(_("在用"), default=True)
    second_factor_required = models.BooleanField(_("须用动态口令"), default=False)
    date_joined = models.DateTimeField(_("加入时间"), auto_now_add=True)
    anonymised_at = models.DateTimeField(_("匿名化时间"), null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(anonymised_at__isnull=True) | models.Q(is_active=False),
                name="user_anonymised_is_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class AssociationRole(models.TextChoices):
    OPERATOR = "operator", _("运维")
    STAFF = "staff", _("秘书处")
    SECRETARY = "secretary", _("专委会秘书")
    EXPERT = "expert", _("专家")
    COMMISSION = "commission", _("市教委")


class Assignment(models.Model):
    """A role outside the universities. Only a secretary's is bound to a committee."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=12, choices=AssociationRole)
    committee_code = models.CharField(_("专委会"), max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "committee_code"], name="assignment_once"),
            models.CheckConstraint(
                condition=models.Q(role="secretary") ^ models.Q(committee_code=""),
                name="assignment_committee_iff_secretary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_role_display()}"


class Invitation(models.Model):
    """A link that works once. Only the hash of its token is kept. University and committee are plain codes."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("电子邮箱"))
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("角色"), max_length=16)
    university_code = models.CharField(_("高校"), max_length=20, blank=True)
    committee_code = models.CharField(_("专委会"), max_length=8, blank=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("邀请人"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("有效至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    used_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("邀请")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, used_by__isnull=True)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                name="invitation_used_when_and_by",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_not_both_used_and_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}（{self.role}）"
