"""Small pictures drawn by SVG attributes, without a script: segmented bar, own-position strip, sparkline."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import states
from .formats import NOT_REPORTED, listed, number

# Fill and outline of a part of the completion bar, in the sequence accepted → none.
FILLS = {
    "accepted": ("#0E5A6B", "#0E5A6B"),
    "review": ("#5E9FA8", "#5E9FA8"),
    "sealed": ("#93BFC5", "#93BFC5"),
    "submitted": ("#93BFC5", "#93BFC5"),
    "returned": ("#D98E1F", "#D98E1F"),
    "draft": ("#C2DADD", "#C2DADD"),
    "none": ("#FFFFFF", "#87938F"),
    "late": ("#A8431F", "#A8431F"),
}
_OTHER = ("#EFF1ED", "#87938F")


@dataclass(frozen=True)
class Segment:
    """One part of "how many are done": a state, how many, and its word."""

    state: str
    count: int
    word: str


def segments(counts):
    """Pairs or a dict (state → count) → Segments in that order, words from ui.states."""
    pairs = counts.items() if hasattr(counts, "items") else counts
    return [Segment(state, int(n), str(states.shape_and_word(state)[1])) for state, n in pairs]


def segments_text(parts):
    """The bar in words, for those who do not see it: 61 所：已接受 44，审核中 9 …"""
    total = sum(part.count for part in parts)
    said = listed(f"{part.word} {part.count}" for part in parts if part.count)
    return _("共 %(total)s：%(parts)s") % {"total": total, "parts": said}


def segbar(parts, width=1000, gap=2):
    """Rectangles {x, width, fill, stroke} of the bar, 2 apart; a part with nothing in it has none."""
    shown = [part for part in parts if part.count]
    total = sum(part.count for part in shown)
    room = width - gap * max(len(shown) - 1, 0) - 2
    boxes, x = [], 1.0
    for part in shown:
        fill, stroke = FILLS.get(part.state, _OTHER)
        share = room * part.count / total
        boxes.append({"x": f"{x:.1f}", "width": f"{share:.1f}", "fill": fill, "stroke": stroke})
        x += share + gap
    return boxes


@dataclass(frozen=True)
class Share:
    """One part of a whole at one moment: its name, how much (in `unit`), where it stands on the page."""

    label: str
    value: float
    unit: str = ""
    url: str = ""
    note: str = ""


def bars(shares, width=300):
    """The shares with the width of their bar, the largest as wide as the picture: pairs (Share, width)."""
    most = max((float(share.value) for share in shares), default=0) or 1
    return [(share, f"{float(share.value) / most * width:.1f}") for share in shares]


@dataclass(frozen=True)
class Position:
    """Where one university stands on a released distribution: middle half, median tick, own diamond.

    `value`, `p25`, `median`, `p75` in the unit; `low` and `high` are the ends of the axis, by default
    a little outside the marks. Quartiles may be None where the cohort is too small: then only the own value
    is drawn.
    """

    label: str
    value: float
    unit: str = ""
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    low: float | None = None
    high: float | None = None
    decimals: int = 1
    text: str = ""

    WIDTH = 300

    def _ends(self):
        marks = [float(v) for v in (self.p25, self.median, self.p75, self.value) if v is not None]
        spread = (max(marks) - min(marks)) or max(abs(marks[0]), 1.0)
        low = min(marks) - spread * 0.4 if self.low is None else float(self.low)
        return low, (max(marks) + spread * 0.4 if self.high is None else float(self.high))

    def _x(self, mark):
        low, high = self._ends()
        share = (float(mark) - low) / ((high - low) or 1)
        return round(min(max(share, 0.0), 1.0) * self.WIDTH, 1)

    @property
    def box(self):
        """The middle half as {x, width}, None where it is not released."""
        if self.p25 is None or self.p75 is None:
            return None
        left, right = self._x(self.p25), self._x(self.p75)
        return {"x": f"{left:g}", "width": f"{right - left:g}"}

    @property
    def tick(self):
        """x of the median tick (2 wide), None where it is not released."""
        return None if self.median is None else f"{self._x(self.median) - 1:g}"

    @property
    def diamond(self):
        """The path of the own mark, kept inside the picture."""
        return f"M{min(max(self._x(self.value), 7), self.WIDTH - 7):g} 11m-7 0l7-8l7 8l-7 8Z"

    @property
    def shown(self):
        return number(self.value, self.decimals)

    @property
    def summary(self):
        """The strip in words."""
        middle = NOT_REPORTED if self.median is None else number(self.median, self.decimals)
        return _("%(label)s：本校 %(own)s，中位数 %(median)s") % {
            "label": self.label,
            "own": self.shown,
            "median": middle,
        }

    @property
    def band(self):
        """In which part of the released distribution, as a sentence; never a rank."""
        if self.p25 is None or self.p75 is None:
            return str(_BANDS["unknown"])
        if self.value < self.p25:
            return str(_BANDS["low"])
        return str(_BANDS["high"] if self.value > self.p75 else _BANDS["middle"])


_BANDS = {
    "low": gettext_lazy("低于四分之三的同类学校。"),
    "middle": gettext_lazy("位于同类学校的中间一半。"),
    "high": gettext_lazy("高于四分之三的同类学校。"),
    "unknown": gettext_lazy("同类学校不足 10 所，不发布分位数。"),
}


def points(values, width=88, height=24, margin=4):
    """The points of a sparkline as SVG wants them; a value not reported is left out."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if not known:
        return ""
    low, high = min(v for _i, v in known), max(v for _i, v in known)
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    rise = (height - 2 * margin) / ((high - low) or 1)
    return " ".join(f"{margin + i * step:.0f},{height - margin - (v - low) * rise:.0f}" for i, v in known)
