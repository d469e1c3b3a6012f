"""People in /ops/, for operators: accounts are opened by invitation, closed, never deleted."""

# registers its own pages when imported; they show secrets, hence imported first and taken away below
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import operations
from accounts.models import Invitation, User
from audit.admin import ReadOnly
from audit.operations import record
from documents.spreadsheet import XLSX, Sheet, download

admin.site.site_header = admin.site.site_title = _("后勤协同平台运维后台")
admin.site.index_title = _("登记与记录")
for hidden in (Authenticator, EmailAddress):
    admin.site.unregister(hidden)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("name", "email", "is_active", "second_factor_required", "is_staff", "last_login")
    list_filter = (
        "is_active",
        "is_staff",
        "second_factor_required",
        "assignments__role",
        "memberships__university",
    )
    search_fields = ("name", "email")
    fields = (
        "name", "email", "second_factor_required", "is_active", "is_staff", "date_joined", "last_login",
        "anonymised_at",
    )  # fmt: skip
    readonly_fields = ("is_active", "is_staff", "date_joined", "last_login", "anonymised_at")
    actions = ("deactivate", "reactivate", "reset_second_factor", "export")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        record(
            actor_id=request.user.pk,
            action="user.changed",
            object_type="user",
            object_id=str(obj.pk),
            fields=form.changed_data,
        )

    @admin.action(description=_("停用所选账户"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        if queryset.filter(pk=request.user.pk).exists():
            self.message_user(request, _("没有停用：自己的账户由同事来停用。"), messages.ERROR)
            return
        for user in queryset:
            operations.deactivate(user=user, actor_id=request.user.pk)
            self.log_change(request, user, _("停用"))

    @admin.action(description=_("重新启用所选账户"))
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.filter(anonymised_at=None):
            operations.reactivate(user=user, actor_id=request.user.pk)
            self.log_change(request, user, _("重新启用"))

    @admin.action(description=_("作废所选账户的动态口令"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            operations.reset_second_factor(user=user, actor_id=request.user.pk)
            self.log_change(request, user, _("作废动态口令"))

    @admin.action(description=_("导出所选人员（xlsx）"))
    def export(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse:
        header = [_("编号"), _("姓名"), _("邮箱"), _("在用"), _("最近登录")]
        rows = [[u.pk, u.name, u.email, "是" if u.is_active else "否", u.last_login] for u in queryset]
        record(
            actor_id=request.user.pk, action="users.exported", object_type="user", fields=["email", "name"]
        )
        return download("人员", XLSX, [Sheet("人员", header, rows)])


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Who was invited by whom. The token's hash is of no use to anyone."""

    list_display = (
        "email",
        "name",
        "role",
        "university_code",
        "invited_by",
        "created_at",
        "expires_at",
        "used_at",
    )
    list_filter = ("role", "university_code")
    search_fields = ("email", "name")
    exclude = ("token_sha256",)
