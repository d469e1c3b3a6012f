"""`{% load ui %}`: every tag and filter of the look. Each with an example: platform/ui/README.md."""

from django import template

from . import _chart_tags, _filters, _form_tags, _part_tags

register = template.Library()
for _library in (_filters, _part_tags, _form_tags, _chart_tags):
    register.tags.update(_library.register.tags)
    register.filters.update(_library.register.filters)
