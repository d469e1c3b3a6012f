"""What an invited person tells us, and whom the association invites."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import NEW_PASSWORD, InviteForm
from accounts.models import AssociationRole, User
from tenants.models import University, UniversityRole
from tenants.people import STAFF_GIVES, UNIVERSITY_ROLES

NEW = {"autocomplete": "new-password"}


class AcceptForm(forms.Form):
    """Name and password of a new account; `email` is the invited address, which the password must not repeat."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    password = forms.CharField(label=_("密码"), help_text=NEW_PASSWORD, widget=forms.PasswordInput(attrs=NEW))
    again = forms.CharField(label=_("再输一次密码"), widget=forms.PasswordInput(attrs=NEW))

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict:
        data = super().clean()
        password = data.get("password", "")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", _("两次输入的密码不同，再输一次。"))
        if password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class SubstituteForm(forms.Form):
    """Somebody of the university who signs for an approver between two days."""

    principal = forms.ChoiceField(label=_("代谁签"))
    substitute = forms.ChoiceField(label=_("谁来签"), help_text=_("自己经手的仍不能签；要启用动态口令。"))
    starts_on = forms.DateField(
        label=_("从哪天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("到哪天"),
        help_text=_("含这一天；过了自动失效。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("原因"), max_length=300, help_text=_("写在封存件上，例如 7 月休假。"))

    def __init__(self, *args, approvers: list[User], candidates: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {str(user.pk): user for user in (*approvers, *candidates)}
        self.fields["principal"].choices = [(user.pk, user.name) for user in approvers]
        self.fields["substitute"].choices = [(user.pk, user.name) for user in candidates]

    def people(self) -> dict:
        """The valid fields, the people as users."""
        data = self.cleaned_data
        chosen = {name: self.known[data[name]] for name in ("principal", "substitute")}
        return {**data, **chosen}


class RoleForm(forms.Form):
    """A role with the place it needs: a university for its people, a committee for its secretary."""

    role = forms.ChoiceField(label=_("角色"))
    university = forms.ChoiceField(
        label=_("学校"), required=False, help_text=_("学校的人才选；协会、专家和市教委不选。")
    )
    committee_code = forms.RegexField(
        r"^[A-Za-z0-9]{1,8}$",
        label=_("专委会代码"),
        required=False,
        help_text=_("只有专委会秘书要填，如 NZ：决定看得到哪些报表。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [(r.value, r.label) for r in (*STAFF_GIVES, *UNIVERSITY_ROLES)]
        self.fields["role"].choices = [("", _("选角色")), *roles]
        self.fields["university"].choices = [("", _("不属于学校")), *_names()]

    def clean(self) -> dict:
        data = super().clean()
        role = data.get("role")
        if role in UniversityRole.values and not data.get("university"):
            self.add_error("university", _("填报人、审核人和通讯员要选学校。"))
        if role in AssociationRole.values and data.get("university"):
            self.add_error("university", _("这个角色不属于学校，选“不属于学校”。"))
        if role and (role == AssociationRole.SECRETARY) != bool(data.get("committee_code")):
            self.add_error("committee_code", _("专委会秘书要填专委会代码，其他角色不填。"))
        return data


class GiveForm(RoleForm):
    """One more role for somebody who has an account."""


class DeskInviteForm(RoleForm):
    """Whom the association invites: its own roles, or somebody of a university."""

    name = InviteForm.base_fields["name"]
    email = InviteForm.base_fields["email"]
    field_order = ("name", "email", "role", "university", "committee_code")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class DeskFilterForm(forms.Form):
    """Narrows the list of people; whatever is not understood is ignored."""

    text = forms.CharField(label=_("姓名或邮箱"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("角色"), required=False)
    university = forms.ChoiceField(label=_("学校"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [(r.value, r.label) for r in (*AssociationRole, *UNIVERSITY_ROLES)]
        self.fields["role"].choices = [("", _("全部")), *roles]
        self.fields["university"].choices = [("", _("全部")), *_names()]

    def filters(self) -> dict[str, str]:
        """The valid filters."""
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


def _names() -> list[tuple[str, str]]:
    return list(University.objects.order_by("pinyin_key").values_list("code", "name"))
