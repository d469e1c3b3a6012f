"""What the pages post."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.catalog.names import unit_name
from surveys.definition import Definition


class RevisionForm(forms.Form):
    """The revision the person saw: a write against an older one is a conflict."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtensionForm(forms.Form):
    """The last day a university wishes to have, and why."""

    wished_on = forms.DateField(
        label=_("希望延到哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("延期原因"),
        help_text=_("一两句话，协会看了就能定。"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ValueForm(forms.Form):
    """One value by hand."""

    value = forms.CharField(label=_("数值"), required=False, max_length=30)
    flag = forms.ChoiceField(
        label=_("标记"),
        required=False,
        choices=[
            ("", _("正常")),
            ("estimated", _("估计值")),
            ("missing", _("没有数据")),
            ("not_applicable", _("不适用")),
        ],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


def denominator_fields(
    definition: Definition, given: dict, offered: dict, last_year: dict | None = None
) -> list[dict]:
    """One entry per denominator: its words, what is there or offered, its calibres as options, and last year's."""
    found = []
    for denominator in definition.denominators:
        row, offer = given.get(denominator.key), offered.get(denominator.key)
        value = row.value if row else offer[0] if offer else None
        found.append(
            {
                "key": denominator.key,
                "name": denominator.name,
                "unit": unit_name(denominator.unit),
                "value": "" if value is None else format(value.normalize(), "f"),
                "saved": row is not None,
                "calibre": row.calibre if row else (offer[1] if offer else ""),
                "offered": row is None and offer is not None,
                "calibres": denominator.calibres,
                "last_calibre": _calibre_of(denominator, (last_year or {}).get(denominator.key)),
            }
        )
    return found


def _calibre_of(denominator, row) -> str:
    """What the calibre of a saved denominator is called, '' without one."""
    return next((c.name for c in denominator.calibres if row and c.key == row.calibre), "")
