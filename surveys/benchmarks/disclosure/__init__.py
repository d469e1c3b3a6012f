"""Which aggregates may leave the association. Pure: tables of contributors in, cells with a state and a rule out.

The rules (their numbers stand in every release):
1  at least five unnamed universities contribute; a number that is not zero comes from at least five
2  total − largest − second ≥ 10 % of the largest, for numerator and denominator; pass counts: 3 ≤ k ≤ n − 3
3  quartiles from ten universities, each the mean of the three nearest ranks; P10 and P90 from fifty
4  what a total minus its released parts would give away is held to rules 1 and 2 itself; so is the difference of two
   numerators, denominators being public (numerators.py)
5  against every live release of the period either none or at least five contributors changed, also in what totals
   minus parts give away; else the cell is carried over
Rule 6, the audit against an attacker with a linear program, enters as an `Audit` (plan.py).
"""

from surveys.benchmarks.disclosure.plan import RULES, Audit, Finding, plan
from surveys.benchmarks.disclosure.tables import (
    Cell,
    Contributor,
    Group,
    Key,
    Live,
    Nesting,
    Published,
    Series,
    State,
    Statistic,
)

__all__ = [
    "RULES",
    "Audit",
    "Cell",
    "Contributor",
    "Finding",
    "Group",
    "Key",
    "Live",
    "Nesting",
    "Published",
    "Series",
    "State",
    "Statistic",
    "plan",
]
