"""What an invited person tells us."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    password = forms.CharField(
        label=_("密码"),
        help_text=_("至少 10 个字符"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict:
        data = super().clean()
        password = data.get("password", "")
        if password != data.get("again", password):
            self.add_error("again", _("两次输入的密码不同，请再输一次。"))
        try:
            validate_password(password)
        except ValidationError as error:
            self.add_error("password", error)
        return data
