"""The register by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.facilities.models import Campus, Facility, FacilityKind
from tenants.names import split_aliases


class CampusForm(forms.ModelForm):
    class Meta:
        model = Campus
        fields = ("name", "code", "address")
        labels = {"name": _("校区名称")}
        help_texts = {"code": _("短的拉丁字母或数字，如 n、main；以后不变。")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class FacilityForm(forms.ModelForm):
    """A facility; the code is asked once and never again."""

    class Meta:
        model = Facility
        fields = (
            "name", "aliases", "kind", "campus", "building_type", "floor_area", "heated_area", "capacity", "built_year",
            "code",
        )  # fmt: skip
        help_texts = {
            "name": _("和报表里的写法一致，导入时按它认楼。"),
            "aliases": _("报表里还会怎么写，如“梅三、梅园3#”。多个用“、”隔开。"),
            "building_type": _("能耗统计按它归类；不确定就选“其他”。"),
            "floor_area": _("含地下；不知道就留空，不要填 0。"),
            "code": _("留空自动编。以后不变，填报和封存都用它。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campus"].empty_label = _("选校区")
        self.fields["building_type"].choices = [("", _("未定")), *self.fields["building_type"].choices[1:]]
        self.fields["code"].required = False
        if self.instance.pk:
            del self.fields["code"]

    def clean_aliases(self) -> str:
        return "、".join(split_aliases(self.cleaned_data["aliases"]))


class FilterForm(forms.Form):
    """Narrows the list; whatever is not understood is ignored."""

    text = forms.CharField(label=_("名称、别名或代码"), required=False, max_length=60)
    campus = forms.ChoiceField(label=_("校区"), required=False)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *FacilityKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("active", _("在用")), ("inactive", _("已停用")), ("all", _("全部"))],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = Campus.objects.values_list("code", "name")
        self.fields["campus"].choices = [("", _("全部")), *names]

    def filters(self) -> dict[str, str]:
        """The valid filters as arguments of queries.search."""
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class FileForm(forms.Form):
    file = forms.FileField(label=_("登记表文件"))
