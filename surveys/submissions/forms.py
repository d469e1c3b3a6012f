"""What the review sends: filters, a question, a decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.catalog.models import Round
from surveys.submissions.pages.queue import TABS, WAITING
from tenants.models import UniversityKind


class FilterForm(forms.Form):
    """Round, type of university and tab of the queue. What is not known falls back to the widest view."""

    round = forms.ChoiceField(label=pgettext_lazy("one", "批次"), required=False)
    kind = forms.ChoiceField(
        label=_("学校类型"), required=False, choices=[("", _("全部类型")), *UniversityKind.choices]
    )

    def __init__(self, data, rounds: list[Round]):
        super().__init__(data)
        self.tab = data.get("tab") if data.get("tab") in TABS else WAITING
        self.fields["round"].choices = [("", _("进行中的批次")), *((r.pk, r.title) for r in rounds)]

    def chosen(self, name: str) -> str:
        """A filter's value, '' when it is not set or not known."""
        self.is_valid()
        return self.cleaned_data.get(name, "") or ""


class AskForm(forms.Form):
    """A question about a value, a figure, the whole, or one more word in a thread."""

    text = forms.CharField(
        label=_("新疑问"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写下要问的内容。")},
    )  # fmt: skip
    cell = forms.CharField(required=False, max_length=160, widget=forms.HiddenInput)
    thread = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Accept, or return with a reason."""

    decision = forms.ChoiceField(choices=[("accept", _("接受")), ("return", _("退回"))])
    reason = forms.CharField(label=_("理由"), required=False, max_length=2000)
