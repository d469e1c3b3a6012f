"""What the pages of the rounds send: a new round, other times. Moments are typed and read as Asia/Shanghai."""

from __future__ import annotations

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.reach import Reach
from surveys.catalog.plan import Plan
from surveys.catalog.queries import is_taken, published_versions
from tenants.models import University, UniversityState

PERIOD = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$", _("期间写成 2024、2024-Q1、2024-H1 或 2024-03。")
)
CODE = RegexValidator(r"^[A-Za-z][A-Za-z0-9]{1,19}$", _("编号用字母和数字，以字母开头，如 NY2024。"))


class MomentField(forms.DateTimeField):
    """A date and time in the browser's own picker."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)


class TimesForm(forms.Form):
    """The three moments of a round, in order."""

    opens_at = MomentField(label=_("开始"))
    due_at = MomentField(label=_("截止"), help_text=_("到这一刻为止算按时；截止到某日 24:00，写次日 0:00。"))
    closes_at = MomentField(label=_("关闭"), help_text=_("截止以后、关闭以前仍可报，记为逾期。"))

    def clean(self) -> dict:
        cleaned = super().clean()
        opens, due, closes = (cleaned.get(name) for name in ("opens_at", "due_at", "closes_at"))
        if opens and due and opens >= due:
            self.add_error("due_at", _("截止要在开始之后。"))
        if due and closes and due > closes:
            self.add_error("closes_at", _("关闭不能早于截止。"))
        return cleaned


class DaysField(forms.CharField):
    """Numbers of working days: `10, 3, 1`; empty for none."""

    def clean(self, value) -> tuple[int, ...]:
        text = super().clean(value)
        parts = [part for part in re.split(r"[,，、;；\s]+", text) if part]
        if not all(part.isdigit() and 0 < int(part) <= 60 for part in parts) or len(parts) > 8:
            raise forms.ValidationError(_("写 1 到 60 的数，用逗号分开，如 10, 3, 1；最多 8 个。"))
        return tuple(sorted({int(part) for part in parts}, reverse=True))


class PlanForm(forms.Form):
    """When a round reminds by itself. All days are working days of the PRC."""

    before = DaysField(
        label=_("截止前提醒填报人"),
        required=False,
        help_text=_("截止前第几个工作日，如 10, 3, 1；不填就不提醒。"),
    )
    after = DaysField(
        label=_("逾期提醒填报人"), required=False, help_text=_("截止后第几个工作日；不填就不提醒。")
    )
    approver = forms.IntegerField(
        label=_("升级到学校审核人"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("截止后第几个工作日；0 为不升级。"),
    )
    association = forms.IntegerField(
        label=_("升级到协会"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("截止后第几个工作日把逾期学校的名单发给协会；0 为不发。"),
    )

    def plan(self) -> Plan:
        """What was typed."""
        data = self.cleaned_data
        after = tuple(sorted(data["after"]))
        return Plan(data["before"], after, data["approver"] or 0, data["association"] or 0)


def typed(plan: Plan) -> dict:
    """A plan as its form shows it."""
    return plan.body() | {name: ", ".join(map(str, getattr(plan, name))) for name in ("before", "after")}


class JoinForm(forms.Form):
    """Universities that are to owe a round as well, of those that do not."""

    universities = forms.MultipleChoiceField(
        label=_("要加的学校"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一所学校。")},
    )

    def __init__(self, *args, outside: list[University], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["universities"].choices = [(u.code, u.name) for u in outside]


class AnswerExtensionForm(forms.Form):
    """Grants a request for another day, or refuses it."""

    until = forms.DateField(
        label=_("延到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    answer = forms.CharField(label=_("答复"), required=False, max_length=300)
    decision = forms.ChoiceField(choices=[("grant", _("同意")), ("refuse", _("不同意"))])

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("decision") == "grant" and not cleaned.get("until"):
            self.add_error("until", _("选延到哪一天。"))
        return cleaned


class GiveExtensionForm(forms.Form):
    """Another day for one university of a round, without its asking."""

    university = forms.ChoiceField(label=_("学校"))
    until = forms.DateField(
        label=_("延到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("延期原因"),
        max_length=300,
        help_text=_("学校看得到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, standings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["university"].choices = [(s.university_code, s.name) for s in standings if not s.unit]


class RoundForm(PlanForm, TimesForm):
    """A new round of a published version in the reach of who opens it."""

    version = forms.ModelChoiceField(label=_("表样"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("名称"), max_length=80)
    period = forms.CharField(label=_("期间"), max_length=10, validators=[PERIOD], help_text=_("如 2024"))
    code = forms.CharField(
        label=_("编号"), max_length=20, validators=[CODE], help_text=_("报送件的编号以它开头，如 NY2024。")
    )
    universities = forms.MultipleChoiceField(label=_("报送学校"), widget=forms.CheckboxSelectMultiple)

    field_order = [
        *("version", "title", "period", "code", "opens_at", "due_at", "closes_at"),
        *("before", "after", "approver", "association", "universities"),
    ]

    def __init__(self, *args, reach: Reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = typed(Plan()) | self.initial
        self.fields["version"].queryset = published_versions(reach)
        active = University.objects.filter(state=UniversityState.ACTIVE)
        self.fields["universities"].choices = [(u.code, u.name) for u in active]
        self.fields["universities"].initial = [u.code for u in active]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if is_taken(code):
            raise forms.ValidationError(_("编号 %(code)s 已经用过。") % {"code": code})
        return code
