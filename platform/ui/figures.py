"""What every kind of figure shares: its frame, reference lines, links, keys, axis."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .axes import nice_axis
from .formats import number
from .tables import Table


@dataclass(frozen=True)
class Reference:
    """A dashed line at a value, named with year and source. At most two in a figure. alert draws it in c4."""

    value: float
    label: str
    alert: bool = False


@dataclass(frozen=True)
class Link:
    """A way out of the figure: definition, CSV, XLSX."""

    label: str
    url: str


@dataclass(frozen=True)
class Key:
    """One entry above the picture; `mark` is the class of hq-key (k-s2, k-mean, k-hatch …).

    A narrow one stands only where the picture has no room to label its lines at their end.
    """

    mark: str
    label: str
    narrow: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart ready for `{% figure %}`. `summary` is the picture in a sentence, for whoever cannot see it."""

    key: str
    kind: str
    title: str
    subtitle: str
    summary: str
    table: Table
    options: dict
    source: str = ""
    links: Sequence[Link] = ()
    keys: Sequence[Key] = ()
    height: str = ""  # low, high or nothing

    @property
    def options_id(self):
        return f"fig-{self.key}-options"


@dataclass(frozen=True)
class Frame:
    """What every figure is given: a key (unique on the page), title (the answer), subtitle, source, links."""

    key: str
    title: str
    subtitle: str = ""
    summary: str = ""
    source: str = ""
    links: Sequence[Link] = field(default_factory=tuple)
    height: str = ""


def figure(frame, kind, data, options, summary, keys=()):
    """A Figure from its frame and what its kind worked out."""
    return Figure(
        key=frame.key,
        kind=kind,
        title=frame.title,
        subtitle=frame.subtitle,
        summary=frame.summary or summary,
        table=data,
        options=options,
        source=frame.source,
        links=tuple(frame.links),
        keys=tuple(keys),
        height=frame.height,
    )


def axis_for(values, unit, references, *, from_zero):
    """Axis options; where a line does not begin at zero the axis says so."""
    axis = nice_axis([*values, *(r.value for r in references)], from_zero=from_zero)
    name = (
        unit if axis.low == 0 else _("%(unit)s（纵轴自 %(low)s 起）") % {"unit": unit, "low": f"{axis.low:g}"}
    )
    return {"min": axis.low, "max": axis.high, "step": axis.step, "name": name}


def reference_options(references):
    """Reference lines as charts.js wants them, each with its words."""
    text = _("%(label)s：%(value)s")
    return [
        {
            "value": float(r.value),
            "text": text % {"label": r.label, "value": number(r.value)},
            "alert": r.alert,
        }
        for r in references
    ]
