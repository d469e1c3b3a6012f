"""allauth's forms with our labels: what they check is allauth's."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

NEW_PASSWORD = _("至少 10 个字符，不能全是数字，也不要用姓名或邮箱。")
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": "8"}


class Worded:
    """Puts `labels` (field → label, help) on the form's fields and drops placeholders: they are no labels."""

    labels: dict[str, tuple] = {}
    attrs: dict[str, dict] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.attrs.get(name, {}))

    def clean(self) -> dict:
        data = super().clean()
        first, second = self.data.get("password1"), self.data.get("password2")
        if first and second and first != second:
            # allauth has said so already, in words that are not ours
            self._errors.pop("password2", None)
            self.add_error("password2", _("两次输入的密码不同，再输一次。"))
        return data


class SignInForm(Worded, account.LoginForm):
    labels = {"login": (_("电子邮箱"), ""), "password": (_("密码"), "")}
    attrs = {"login": {"autocomplete": "username", "autofocus": True}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if settings.IS_LOCAL:
            # the demo's people live at `staff@demo`, a host without a dot
            self.fields["login"].validators = [EmailValidator(allowlist=["localhost", "demo"])]
        if self.is_bound:
            # the address is there already: what has to be typed again is the password
            self.fields["login"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean(self) -> dict:
        """A refusal stands at the password, with the tries that are left when they are few."""
        try:
            return super().clean()
        except ValidationError as error:
            left = get_adapter(self.request).tries_left(self.cleaned_data["login"])
            message = str(error.message)
            if left:
                message += str(_("还可以试 %(n)s 次。") % {"n": left})
            self.add_error("password", ValidationError(message, code=error.code))
            return self.cleaned_data


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {
        "oldpassword": (_("当前密码"), ""),
        "password1": (_("新密码"), NEW_PASSWORD),
        "password2": (_("再输一次新密码"), ""),
    }


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    labels = {"email": (_("电子邮箱"), "")}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    labels = {"password1": (_("新密码"), NEW_PASSWORD), "password2": (_("再输一次新密码"), "")}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    labels = {"password": (_("密码"), "")}


class SecondFactorForm(Worded, mfa.AuthenticateForm):
    labels = {"code": (_("6 位验证码"), _("打开手机上的动态口令应用查看。手机不在身边，输入一个恢复码。"))}
    attrs = {"code": CODE}


class SecondFactorAgainForm(Worded, mfa.ReauthenticateForm):
    labels = {"code": (_("6 位验证码"), _("打开手机上的动态口令应用查看。"))}
    attrs = {"code": CODE}


class ActivateForm(Worded, totp.ActivateTOTPForm):
    labels = {"code": (_("应用里显示的 6 位验证码"), _("每 30 秒换一次，输当前这一个。"))}
    attrs = {"code": CODE | {"maxlength": "6", "autofocus": False}}


class InviteForm(forms.Form):
    """Whom to invite, and as what. The roles are the caller's to choose from."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(label=_("电子邮箱"), help_text=_("邀请链接发到这个邮箱，也用它登录。"))
    role = forms.ChoiceField(label=_("角色"), widget=forms.RadioSelect)

    def __init__(self, *args, roles: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()
