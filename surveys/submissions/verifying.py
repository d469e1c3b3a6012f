"""Whether a paper shows what was sealed: for anyone who holds it, by its QR code or its number and code.

Whoever has no right code learns nothing: a number that is not there and a code that is wrong get the same answer, so
that nobody can try out which university has filed. Values are never shown here.
"""

from __future__ import annotations

import unicodedata

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from surveys.submissions import queries
from surveys.submissions.codes import cleaned, grouped, read_address
from surveys.submissions.models import DecisionKind, Submission
from tenants.models import University


class PaperForm(forms.Form):
    """Number and code as they stand on a paper."""

    number = forms.CharField(
        label=gettext_lazy("编号"), max_length=120, help_text=gettext_lazy("在页脚，例如 NY2025-xuexiao-v1。"),
        error_messages={"required": gettext_lazy("写下纸上的编号。")},
    )  # fmt: skip
    c = forms.CharField(
        label=gettext_lazy("校验码"), max_length=40, help_text=gettext_lazy("16 位数字和字母，二维码旁边和页脚都有。"),
        error_messages={"required": gettext_lazy("写下纸上的校验码。")},
    )  # fmt: skip

    def clean_number(self) -> str:
        """Blanks and full-width letters are how people copy a number; some paste the whole address."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["number"])
        address = read_address(text)
        return address[0] if address else "".join(text.split()).replace("/", "")

    def clean_c(self) -> str:
        """Raises ValidationError for what cannot be a code."""
        code = cleaned(self.cleaned_data["c"])
        if not code:
            raise forms.ValidationError(_("校验码是 16 位，只有数字 0–9 和字母 a–f。"))
        return code


@never_cache
@require_GET
def form(request: HttpRequest) -> HttpResponse:
    """The place to type number and code."""
    asked = PaperForm(request.GET or None)
    if asked.is_valid():
        found = asked.cleaned_data
        return HttpResponseRedirect(reverse("verify:paper", args=[found["number"]]) + f"?c={found['c']}")
    return render(request, "submissions/verify.html", {"form": asked})


@never_cache
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """Same data, or differs."""
    code = cleaned(request.GET.get("c", ""))
    if not code:
        return render(request, "submissions/verify.html", {"form": PaperForm(initial={"number": number})})
    found = queries.bearing(number, code)
    context = {"number": number, "code": grouped(code), "same": found is not None}
    if found:
        context |= _facts(found)
    return render(request, "submissions/verified.html", context)


def _facts(found: Submission) -> dict:
    """What the paper's holder may know beyond what is printed on it: whether this version still stands."""
    newer = queries.versions(found.round, found.university_code, found.unit).filter(version__gt=found.version)
    decision = queries.decision_of(found)
    return {
        "sub": found,
        "university": University.objects.get(code=found.university_code),
        "newer": newer.exists(),
        "withdrawn": bool(decision and decision.kind == DecisionKind.WITHDRAWN),
        "returned": bool(decision and decision.kind == DecisionKind.RETURNED),
        "accepted": bool(decision and decision.kind == DecisionKind.ACCEPTED),
    }
