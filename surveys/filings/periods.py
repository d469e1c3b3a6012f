"""Which months of a round can be there. Pure."""

import datetime

from surveys.intake.periods import months_in


def due_months(period: str, today: datetime.date) -> tuple[str, ...]:
    """The months (`YYYY-MM`) of `2024`, `2024-H1`, `2024-Q1` or `2024-03` that are over: the others cannot be filed
    yet."""
    return tuple(month for month in months_in(period) if month < f"{today:%Y-%m}")


def year_of(period: str) -> int | None:
    """The year of a period; None if it has none."""
    return int(period[:4]) if len(period) >= 4 and period[:4].isdigit() else None
