"""What pages write of a definition: `{% load definitions %}`."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from surveys.catalog import manual
from surveys.catalog.names import unit_name

register = template.Library()
register.filter("unit_name", unit_name)
register.filter("level_name", manual.level_name)
register.filter("cited", manual.cited)


@register.simple_tag
def unverified(flag):
    """`{% unverified item.unverified %}`: the mark of what nobody could hold against its source; nothing otherwise."""
    return format_html(' <span class="hq-tag is-warn">{}</span>', _("未核实")) if flag else ""


@register.simple_tag
def rule(version, rule):
    """`{% rule round.version finding.rule %}`: a rule's public id, which leads to its place in the manual; only the id
    where the version has no such check."""
    if rule not in manual.rules_of(version):
        return rule
    return format_html(
        '<a href="{}#{}">{}</a>',
        reverse("manual:version", args=[version.instrument_id, version.number]),
        rule,
        rule,
    )
