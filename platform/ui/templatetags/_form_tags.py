"""Form controls: label, help, error, then the control; everything is required unless it says （选填）."""

from django import forms, template

from ui.formats import listed

register = template.Library()

_CLASSES = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
)


def _control_class(widget):
    return next((css for kind, css in _CLASSES if isinstance(widget, kind)), "form-control")


def _shape(widget):
    """How a control is laid out: options (a group of radios or boxes), check (one box) or line."""
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def _attributes(bound, css, described_by):
    attrs = {"class": f"{bound.field.widget.attrs.get('class', '')} {css}".strip()}
    if described_by:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


@register.inclusion_tag("ui/parts/field.html")
def field(bound, label="", help="", wide=False):
    """`{% field form.phone %}`: one field with its label, help and error above the control."""
    widget = bound.field.widget
    help_text, shape = help or bound.help_text, _shape(widget)
    error_id, help_id = f"e-{bound.html_name}", f"h-{bound.html_name}"
    ids = [i for i, there in ((help_id, help_text), (error_id, bound.errors)) if there]
    attrs = _attributes(bound, _control_class(widget), " ".join(ids))
    return {
        "bound": bound,
        "label": label or bound.label,
        "help": help_text,
        "shape": shape,
        "error_id": error_id,
        "help_id": help_id,
        "control": "" if shape == "options" else bound.as_widget(attrs=attrs),
        "options": list(bound) if shape == "options" else (),
        "described_by": attrs.get("aria-describedby", ""),
        "wide": wide,
    }


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form):
    """`{% error_summary form %}`: how many places to mend, each a link to its field; nothing if none."""
    bad = [bound for bound in form if bound.errors] if form else []
    whole = form.non_field_errors() if form else ()
    return {"bad": bad, "whole": whole, "total": len(bad) + len(whole)}


@register.inclusion_tag("ui/parts/form_fields.html")
def form_fields(form):
    """`{% form_fields form %}`: the error summary and every field in order, hidden ones included."""
    return {"form": form}


@register.inclusion_tag("ui/parts/upload.html")
def upload_field(name="file", label="", accept="", max_bytes=None, help="", error=""):
    """`{% upload_field "file" accept=".xlsx,.xls,.et,.csv" max_bytes=20971520 %}` inside a multipart form.

    A plain file input without a script; with upload.js (form[data-upload]) a place to drop a file on.
    """
    return {
        "name": name,
        "label": label,
        "accept": accept,
        "kinds": listed(accept.split(",")),
        "max_bytes": max_bytes,
        "help": help,
        "error": error,
    }
