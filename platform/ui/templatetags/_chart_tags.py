"""Tags for figures, tables and the small pictures drawn as SVG by attributes."""

from django import template

from ui import pictures

register = template.Library()


@register.inclusion_tag("ui/parts/table.html")
def table(data, label=""):
    """`{% table t %}`: a ui.tables.Table in a container that scrolls sideways; label names the container."""
    return {"table": data, "label": label or data.label or data.caption}


@register.inclusion_tag("ui/parts/figure.html")
def figure(chart, level=2):
    """`{% figure chart %}`: a ui.charts.Figure: picture and table, source line, CSV and XLSX."""
    return {"figure": chart, "level": int(level)}


@register.inclusion_tag("ui/parts/chart_scripts.html")
def chart_scripts():
    """`{% chart_scripts %}`: once, in the block `scripts` of a page that has figures."""
    return {}


@register.inclusion_tag("ui/parts/segbar.html")
def segbar(segments, label="", level=3):
    """`{% segbar completion %}`: how many are done; `segments` from ui.pictures.segments."""
    return {
        "bar": pictures.segbar(segments),
        "segments": segments,
        "label": label or pictures.segments_text(segments),
    }


@register.inclusion_tag("ui/parts/shares.html")
def shares(parts):
    """`{% shares parts %}`: what something is made of, a bar per part; parts are ui.pictures.Share."""
    return {"bars": pictures.bars(parts)}


@register.inclusion_tag("ui/parts/position.html")
def position(strip):
    """`{% position p %}`: where am I; a ui.pictures.Position."""
    return {"p": strip}


@register.inclusion_tag("ui/parts/position_key.html")
def position_key():
    """`{% position_key %}`: what the strip's three marks mean, once under the strips."""
    return {}


@register.inclusion_tag("ui/parts/sparkline.html")
def sparkline(values, label="", alert=False):
    """`{% sparkline values %}`: a line in a table row; silent, because the row has the figures."""
    return {"points": pictures.points(values), "label": label, "alert": alert}
