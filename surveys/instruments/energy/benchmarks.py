"""What of energy is compared between universities: which indicators lead, and how the city's total is made up.

Pure data and a numbered function, like `indicators`; labels are said in English by the definition.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from surveys.definition import Definition
from surveys.instruments.energy.indicators import comprehensive_energy, totals
from surveys.instruments.figures import Figures

# the first figures of the overview, in order; the last is the city's total
HEADLINES = ("eui_kgce_m2", "per_capita_kgce", "per_capita_water", "energy_kgce")
# the lead indicator of the trend and the cohort picture
LEAD = "eui_kgce_m2"
TOTAL = "energy_kgce"
STRUCTURE = "structure_kgce@1"
# code, label, items; '' items: whatever is left
PARTS = (
    ("electricity", "电力", ("electricity",)),
    ("heat", "热力", ("heat",)),
    ("natural_gas", "天然气", ("natural_gas",)),
    ("other", "其他", ()),
)
# reference values that are counted differently from our universities
OTHER_BASIS = ("per_capita_water",)
# decimals on a page; one where nothing is said
DECIMALS = {
    "per_capita_kgce": 0,
    "per_capita_kwh": 0,
    "energy_kgce": 0,
    "co2_kg": 0,
    "price_electricity": 2,
    "price_water": 2,
    "price_natural_gas": 2,
    "price_heat": 2,
}


def structure(figures: Figures | pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Comprehensive energy month by month and by part, in the unit of the total (kgce).

    Returns rows period, part, value: for every month in the figures each part of PARTS and `total`; a part that was
    not used is 0. Parts add up to the total.
    """
    factors = definition.factor_set(definition.basis_default)
    sums = totals(figures, "quantity")
    named = [item for _code, _label, items in PARTS for item in items]
    parts = {"total": comprehensive_energy(sums, factors)}
    for code, _label, items in PARTS:
        others = [i for i in sums.items if (i not in items if items else i in named)]
        parts[code] = comprehensive_energy(sums, factors, others)
    rows = [
        (period, code, 0.0 if np.isnan(values[i]) else values[i])
        for i, period in enumerate(sums.periods)
        if len(period) == 7 and not np.isnan(parts["total"][i])
        for code, values in parts.items()
    ]
    return pd.DataFrame(rows, columns=["period", "part", "value"])
