"""Filters: thin names for the functions of ui.formats."""

from django import template

from ui import formats

register = template.Library()

for _name in (
    "number",
    "signed",
    "percent",
    "change",
    "counted",
    "file_size",
    "tied",
    "listed",
    "phrases",
    "noted",
):
    register.filter(_name, getattr(formats, _name))


@register.filter
def scaled(value, scale):
    """A value in the unit of its column: `{{ v|scaled:s|number:1 }}`, s from `{% scale %}` or `scale_for`."""
    return scale.of(value)


@register.filter
def day(value):
    """3月12日"""
    return formats.day(value)


@register.filter
def full_day(value):
    """2025年3月28日"""
    return formats.full_day(value)


@register.filter
def weekday(value):
    """3月12日（周四）"""
    return formats.weekday(value)


@register.filter
def clock(value):
    """17:00"""
    return formats.clock(value)


@register.filter
def moment(value):
    """3月12日 8:05"""
    return formats.moment(value)


@register.filter
def deadline(value):
    """3月31日（周二）17:00"""
    return formats.deadline(value)


@register.filter
def iso_day(value):
    """2026-03-12"""
    return formats.iso_day(value)


@register.filter
def relative(value):
    """19 天后, only within 31 days."""
    return formats.relative(value)
